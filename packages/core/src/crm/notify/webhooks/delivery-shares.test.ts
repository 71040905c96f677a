import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DueEndpoint, deliveryShares } from './delivery-shares.js';

function due(id: string, inHand = 0, places = 20): DueEndpoint {
  return { id, inHand, places };
}

function idsOf(shares: ReturnType<typeof deliveryShares>): readonly string[] {
  return shares.map(({ endpointId }) => endpointId);
}

it('gives each endpoint an equal part of the free places, and none more than it may have', () => {
  expect(deliveryShares([due('a'), due('b', 0, 3), due('c', 20, 0)], { free: 10, after: '' })).toEqual([
    { endpointId: 'a', limit: 5 },
    { endpointId: 'b', limit: 3 },
  ]);
  expect(deliveryShares([due('a')], { free: 0, after: '' })).toEqual([]);
  expect(deliveryShares([], { free: 10, after: '' })).toEqual([]);
});

it('where places are few, those come first that have the fewest tries under way', () => {
  const slow = ['a', 'b', 'c', 'd', 'e'].map((id) => due(id, 19, 1));
  expect(idsOf(deliveryShares([...slow, due('f', 2, 18)], { free: 1, after: '' }))).toEqual(['f']);
});

it('those with as few have their turn one after the other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 15 }), (count, free) => {
      const endpoints = Array.from({ length: count }, (_, at) => due(`endpoint ${10 + at}`, 0, 1));
      const served: string[] = [];
      for (let after = ''; served.length < count; after = served.at(-1) ?? '') {
        served.push(...idsOf(deliveryShares(endpoints, { free, after })));
      }
      expect(new Set(served).size).toBe(count);
    }),
  );
});
