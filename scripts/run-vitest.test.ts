import { expect, test } from 'vitest';
import { tallyOf, type VitestReport } from './run-vitest.ts';

type File = VitestReport['testResults'][number];

const file = (...statuses: readonly string[]): File => ({
  name: 'lead.test.ts',
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
});

const tally = (testResults: readonly File[], exitCode: number, success: boolean): { passed: number; failed: number } =>
  tallyOf({ success, testResults }, exitCode).tally;

test('counts what passed and what failed', () => {
  expect(tally([file('passed', 'failed'), file('passed')], 1, false)).toEqual({ passed: 2, failed: 1 });
});

test('a skipped test and one left to do count as failed', () => {
  expect(tally([file('passed', 'skipped', 'todo')], 0, true)).toEqual({ passed: 1, failed: 2 });
});

test('a file that did not load counts as failed', () => {
  expect(tally([{ ...file(), status: 'failed' }, file('passed')], 1, false)).toEqual({ passed: 1, failed: 1 });
});

test('an error outside every test counts as failed', () => {
  expect(tally([file('passed')], 1, false)).toEqual({ passed: 1, failed: 1 });
});

test('a run without a test counts as failed', () => {
  expect(tally([], 0, true)).toEqual({ passed: 0, failed: 1 });
});
