import type { ColumnMatch, UnmatchedColumn } from '@lms/core';
import { describe, expect, it } from 'vitest';
import { columnsOf, mapWith } from './column-map.js';

function column(index: number, heading: string, field?: string): ColumnMatch | UnmatchedColumn {
  const letter = 'ABCDEF'[index] ?? '';
  const place = { index, letter, heading, samples: [], notes: [], confidence: 1 };
  return field === undefined ? { ...place, reason: 'unknown', suggestion: null } : { ...place, field, reason: 'label' };
}

const who = column(0, 'Who');
const phone = column(1, 'Phone', 'mobile');
const other = column(2, 'Phone');
const empty = column(3, 'D');
const all = [who, phone, other, empty];

describe('the --map flags with another field for a column', () => {
  it.each<[string, readonly string[], FileColumn, string, readonly string[]]>([
    ['names the column by its heading', [], who, 'fullName', ['Who=fullName']],
    ['by its letter where the heading is shared', ['Who=fullName'], other, '-', ['Who=fullName', 'column C=-']],
    ['by its letter where it has no heading', [], empty, 'city', ['column D=city']],
    [
      'replaces what was said of it, in the words in which it was said',
      ['who = city', 'X=pan'],
      who,
      'pan',
      ['X=pan', 'who=pan'],
    ],
    ['also when that was its letter', ['Column a=city'], who, '-', ['Column a=-']],
  ])('%s', (_what, flags, changed, field, expected) => {
    expect(mapWith(flags, all, { column: changed, field })).toEqual(expected);
  });

  it('knows all columns in the order of the file', () => {
    const columns = all.filter((one) => 'field' in one);
    const unmatched = all.flatMap((one) => ('field' in one ? [] : [one]));
    const plan = { columns, unmatched, consents: [], contactBlocks: [] };
    expect(columnsOf(plan).map(({ letter }) => letter)).toEqual(['A', 'B', 'C', 'D']);
  });
});
