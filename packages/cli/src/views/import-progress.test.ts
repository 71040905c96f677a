import { describe, expect, it } from 'vitest';
import { importProgressText } from './import-progress.js';

const progress = {
  bytesRead: 500,
  totalBytes: 1200,
  rows: 12300,
  created: 11000,
  updated: 0,
  duplicates: 900,
  rejected: 400,
  rowsPerSecond: 3100,
  secondsLeft: 24,
};

describe('how far an import is', () => {
  it('is told with the time that is left, the pace and what became of the rows', () => {
    expect(importProgressText(progress)).toBe(
      '41 %, 24 s left  12300 rows, 3100/s: 11000 created, 900 duplicates, 400 rejected',
    );
    expect(importProgressText({ ...progress, updated: 7 })).toContain('created, 7 updated, 900 duplicates');
  });

  it.each([
    [59, '59 s left'],
    [60, '1 min 0 s left'],
    [3599, '59 min 59 s left'],
    [7500, '2 h 5 min left'],
  ])('%i seconds are %s', (secondsLeft, text) => {
    expect(importProgressText({ ...progress, secondsLeft })).toContain(text);
  });

  it('promises no time before there is a pace, and never more than all', () => {
    const begun = { ...progress, bytesRead: 0, rows: 0, created: 0, duplicates: 0, rejected: 0, secondsLeft: null };
    expect(importProgressText({ ...begun, totalBytes: 0 })).toMatch(/^0 % {2}0 rows/);
    expect(importProgressText({ ...progress, bytesRead: 1300 })).toMatch(/^100 %/);
  });
});
