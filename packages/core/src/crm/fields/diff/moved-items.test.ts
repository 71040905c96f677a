import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedItems } from './moved-items.js';

const items = ['a', 'b', 'c', 'd', 'e', 'f'];
const order = fc.shuffledSubarray(items, { minLength: items.length });

describe('what moved in a list', () => {
  it.each([
    ['abcdef', 'abcdef', ''],
    ['abcdef', 'fabcde', 'f'],
    ['abcdef', 'bcdefa', 'a'],
    ['abcdef', 'abdcef', 'd'],
  ])('%s -> %s: %s', (before, after, moved) => {
    expect(
      movedItems([...before], [...after])
        .map(({ item }) => item)
        .join(''),
    ).toBe(moved);
  });

  it('without what moved both orders are the same, and fewer would not do', () => {
    fc.assert(
      fc.property(order, order, (before, after) => {
        const moved = new Set(movedItems(before, after).map(({ item }) => item));
        const left = (list: readonly string[]): string => list.filter((item) => !moved.has(item)).join('');
        expect(left(before)).toBe(left(after));
        expect(items.length - moved.size).toBe(longestCommon(before, after));
      }),
    );
  });

  it('names what each now follows', () => {
    fc.assert(
      fc.property(order, order, (before, after) => {
        for (const { item, after: neighbour } of movedItems(before, after)) {
          expect(neighbour).toBe(after[after.indexOf(item) - 1] ?? null);
        }
      }),
    );
  });
});

/** The length of the longest common subsequence, by trying every subset. */
function longestCommon(before: readonly string[], after: readonly string[]): number {
  let longest = 0;
  for (let mask = 0; mask < 2 ** items.length; mask += 1) {
    const kept = items.filter((_item, bit) => (mask >> bit) % 2 === 1);
    const ordered = (list: readonly string[]): string => list.filter((item) => kept.includes(item)).join('');
    if (kept.length > longest && ordered(before) === ordered(after)) longest = kept.length;
  }
  return longest;
}
