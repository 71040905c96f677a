import type { ImportRun } from '@lms/core';
import { expect, it } from 'vitest';
import { endLines } from './imports.js';

const aliveAt = '2026-01-15T04:30:00.000Z';
const endOf = (run: Partial<Pick<ImportRun, 'status' | 'finishedAt'>>): string =>
  endLines({ status: 'running', finishedAt: null, aliveAt, ...run }, (instant) => instant).join('\n');

it('says of a run that goes on when it was last heard of', () => {
  expect(endOf({})).toBe(`Finished    not yet\nLast heard  ${aliveAt}`);
});

it('says of a run whose process was killed that nobody works on it, and what to do', () => {
  const text = endOf({ status: 'interrupted' });
  expect(text).toMatch(/nobody works on it/);
  expect(text).toMatch(/Last heard {2}2026-01-15/);
  expect(text).toMatch(/import the file again: rows that were taken are passed over/);
});

it('says of a run that ended when it did', () => {
  expect(endOf({ status: 'completed', finishedAt: '2026-01-15T04:31:00.000Z' })).toBe(
    'Finished    2026-01-15T04:31:00.000Z',
  );
});
