import { expect, it } from 'vitest';
import { exitCodeFor } from './storage-verify.js';

const kept = { level: 'MUST', passed: true } as const;

it.each([
  { name: 'every promise kept', outcomes: [kept], isStopped: false, notRun: 0, exitCode: 0 },
  {
    name: 'a MUST broken',
    outcomes: [kept, { level: 'MUST', passed: false }],
    isStopped: false,
    notRun: 0,
    exitCode: 7,
  },
  {
    name: 'a SHOULD broken',
    outcomes: [kept, { level: 'SHOULD', passed: false }],
    isStopped: false,
    notRun: 0,
    exitCode: 0,
  },
  { name: 'stopped on the way', outcomes: [kept], isStopped: true, notRun: 3, exitCode: 130 },
  {
    name: 'stopped after a MUST broke',
    outcomes: [{ level: 'MUST', passed: false }],
    isStopped: true,
    notRun: 3,
    exitCode: 7,
  },
  {
    name: 'a SHOULD that never ended',
    outcomes: [{ level: 'SHOULD', passed: false }],
    isStopped: false,
    notRun: 3,
    exitCode: 7,
  },
] as const)('lms storage verify exits $exitCode with $name', ({ outcomes, isStopped, notRun, exitCode }) => {
  expect(exitCodeFor(outcomes, { isStopped, notRun })).toBe(exitCode);
});
