import { array, assert as check, constantFrom, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import type { UnsealedRow } from './audit-chain-store.js';
import { byAggregate, sealingOrder } from './sealing-order.js';

function row(id: string, about: string, version: number): UnsealedRow {
  return { id, payloadHash: 'ab'.repeat(32), aggregate: { kind: 'lead', id: about, version } };
}

function idsOf(rows: readonly UnsealedRow[]): string {
  return rows.map(({ id }) => id).join('');
}

it('is that of ids, but for an aggregate that of its versions', () => {
  expect(idsOf(sealingOrder([row('c', 'x', 1), row('a', 'y', 9), row('b', 'z', 5)], []))).toBe('abc');
  expect(idsOf(sealingOrder([row('a', 'x', 3), row('b', 'y', 1), row('c', 'x', 2), row('d', 'x', 4)], []))).toBe(
    'cbad',
  );
  expect(idsOf(sealingOrder([row('b', 'x', 2), row('a', 'x', 2)], [])), 'two of one version').toBe('ab');
});

it('leaves for later what came after an event that still waits to be told', () => {
  const rows = [row('a', 'x', 3), row('b', 'y', 3), row('c', 'x', 1), row('d', 'x', 2)];
  const waiting = [
    { kind: 'lead', id: 'x', version: 2 },
    { kind: 'placement', id: 'y', version: 1 },
  ];
  expect(idsOf(sealingOrder(rows, waiting))).toBe('bcd');
});

const rowsShape = array(record({ about: constantFrom('x', 'y', 'z'), version: integer({ min: 1, max: 6 }) }), {
  maxLength: 30,
}).map((given) => given.map(({ about, version }, at) => row(String(at).padStart(3, '0'), about, version)));

it('never puts a version before a lower one of its aggregate, and loses nothing', () => {
  check(
    property(rowsShape, (rows) => {
      const ordered = sealingOrder(rows, []);
      expect([...ordered].sort((one, other) => (one.id < other.id ? -1 : 1))).toEqual(rows);
      for (const own of byAggregate(ordered).values()) {
        const versions = own.map(({ aggregate }) => aggregate.version);
        expect(versions).toEqual([...versions].sort((one, other) => one - other));
      }
    }),
  );
});
