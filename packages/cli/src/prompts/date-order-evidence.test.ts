import { describe, expect, it } from 'vitest';
import { evidenceOf } from './date-order-evidence.js';

const evidence = (...texts: readonly string[]): readonly (string | null)[] => {
  const { dayFirst, monthFirst, either } = evidenceOf(texts.map((text) => ({ heading: 'DOB', text })));
  return [dayFirst, monthFirst, either].map((example) => example?.text ?? null);
};

describe('the order of dates in digits', () => {
  it.each([
    [
      ['31/01/2026', '01/02/2026'],
      ['31/01/2026', null, '01/02/2026'],
    ],
    [['01/31/26'], [null, '01/31/26', null]],
    [
      ['1-2-2026', '3.4.26'],
      [null, null, '1-2-2026'],
    ],
    [
      ['31/01/2026', '01/31/2026'],
      ['31/01/2026', '01/31/2026', null],
    ],
    [
      ['05/05/2026', '2026-02-01', '1 Feb 2026', '13/13/2026', '00/01/2026', '45/01/2026', '', '1/2/20261'],
      [null, null, null],
    ],
  ])('of %j', (texts, expected) => {
    expect(evidence(...texts)).toEqual(expected);
  });
});
