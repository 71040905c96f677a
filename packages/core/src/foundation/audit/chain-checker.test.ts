import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChainRow } from './audit-chain-store.js';
import { payloadHashOf } from './audit-row.js';
import { ChainChecker, type TrailFinding } from './chain-checker.js';
import { chainBeginning, chainHashOf } from './chain-hash.js';

const length = 40;

function payloadAt(position: number): NonNullable<ChainRow['payload']> {
  return {
    id: `row-${position}`,
    at: '2026-01-31T09:30:00.000Z',
    actor: 'user:asha',
    via: null,
    command: 'leads.update',
    eventType: 'lead.updated',
    aggregate: { kind: 'lead', id: `lead-${position}`, version: 2 },
    correlationId: 'c-1',
    changes: { tenureMonths: position },
    sealed: null,
  };
}

/** Rows as a sealer leaves them, each with what it should say. */
function chainOf(payloads: readonly NonNullable<ChainRow['payload']>[]): ChainRow[] {
  let prevHash = chainBeginning;
  return payloads.map((payload, index) => {
    const position = index + 1;
    const payloadHash = payloadHashOf(payload);
    const chainHash = chainHashOf({ position, prevHash, payloadHash });
    const row = { id: payload.id, position, payloadHash, prevHash, chainHash, payload };
    prevHash = chainHash;
    return row;
  });
}

const sealed = chainOf(Array.from({ length }, (_, index) => payloadAt(index + 1)));

/** What is found in rows whose trail should have the sealed length. */
function findingsIn(rows: readonly ChainRow[]): readonly TrailFinding[] {
  const found: TrailFinding[] = [];
  const checker = new ChainChecker(
    { position: 0, chainHash: chainBeginning },
    (finding) => found.push(finding),
    () => undefined,
  );
  for (const row of [...rows].sort((a, b) => a.position - b.position)) checker.add(row);
  checker.finish(length, true);
  return found;
}

function brief(found: readonly TrailFinding[]): readonly string[] {
  return found
    .map(
      ({ kind, position, to, id }) =>
        `${kind} ${id ?? (to === undefined || to === position ? position : `${position}-${to}`)}`,
    )
    .sort();
}

function at(position: number): ChainRow {
  const row = sealed[position - 1];
  if (row === undefined) throw new Error(`there is no position ${position}`);
  return row;
}

/** The sealed rows, some replaced. */
function withRows(...rows: readonly ChainRow[]): ChainRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return sealed.map((row) => byId.get(row.id) ?? row);
}

function forged(position: number): ChainRow {
  const payload = { ...payloadAt(position), actor: 'user:mallory' as const };
  return { ...at(position), payload, payloadHash: payloadHashOf(payload) };
}

function strange(position: number, change: Partial<ChainRow> = {}): ChainRow {
  const payload = { ...payloadAt(position), id: 'strange' };
  return { ...at(position), id: 'strange', payload, payloadHash: payloadHashOf(payload), position, ...change };
}

/** Later rows take the positions after them. */
function movedBy(rows: readonly ChainRow[], from: number, by: number): ChainRow[] {
  return rows.map((row) => (row.position >= from ? { ...row, position: row.position + by } : row));
}

const manipulations: readonly (readonly [name: string, rows: () => readonly ChainRow[], found: readonly string[]])[] = [
  ['nothing', () => sealed, []],
  [
    'a value that was changed',
    () => withRows({ ...at(7), payload: { ...payloadAt(7), actor: 'user:mallory' } }),
    ['changed row-7'],
  ],
  ['a value that was changed with its payload hash', () => withRows(forged(7)), ['changed row-7']],
  [
    'a row made anew with its chain hash',
    () => withRows({ ...forged(7), chainHash: chainHashOf({ ...forged(7), prevHash: at(7).prevHash ?? '' }) }),
    ['changed row-7'],
  ],
  ['contents that are no JSON any more', () => withRows({ ...at(7), payload: null }), ['changed row-7']],
  ['a chain hash that was taken away', () => withRows({ ...at(7), chainHash: null }), ['changed row-7']],
  ['the first row changed', () => withRows(forged(1)), ['changed row-1']],
  ['the last row changed', () => withRows(forged(length)), [`changed row-${length}`]],
  ['a row that was removed', () => sealed.filter(({ position }) => position !== 7), ['removed 7']],
  ['rows that were removed', () => sealed.filter(({ position }) => position < 7 || position > 9), ['removed 7-9']],
  ['the first row removed', () => sealed.slice(1), ['removed 1']],
  [
    'a row removed and the later ones renumbered',
    () =>
      movedBy(
        sealed.filter(({ position }) => position !== 7),
        8,
        -1,
      ),
    ['removed 7'],
  ],
  ['the end cut off', () => sealed.slice(0, -3), [`cut ${length - 2}-${length}`]],
  ['a row put in and the later ones renumbered', () => [...movedBy(sealed, 7, 1), strange(7)], ['inserted strange']],
  [
    'a row put in with hashes that fit those before it',
    () => {
      const row = strange(7);
      const chainHash = chainHashOf({ position: 7, prevHash: at(7).prevHash ?? '', payloadHash: row.payloadHash });
      return [...movedBy(sealed, 7, 1), { ...row, chainHash }];
    },
    ['inserted strange'],
  ],
  [
    'a row put in the place of one that was removed',
    () => [...sealed.filter(({ position }) => position !== 7), strange(7)],
    ['changed strange'],
  ],
  [
    'two neighbours that changed positions',
    () => withRows({ ...at(7), position: 8 }, { ...at(8), position: 7 }),
    ['reordered row-7', 'reordered row-8'],
  ],
  [
    'two rows far apart that changed positions',
    () => withRows({ ...at(3), position: 33 }, { ...at(33), position: 3 }),
    ['reordered row-3', 'reordered row-33'],
  ],
  [
    'two rows that changed all that the sealer gives',
    () => {
      const swap = (from: number, to: number): ChainRow => {
        const { position, prevHash, chainHash } = at(to);
        return { ...at(from), position, prevHash, chainHash };
      };
      return withRows(swap(3, 33), swap(33, 3));
    },
    ['reordered row-3', 'reordered row-33'],
  ],
  [
    'several things at once',
    () => withRows(forged(5), forged(20)).filter(({ position }) => position !== 12 && position < length),
    [`cut ${length}`, 'changed row-20', 'changed row-5', 'removed 12'],
  ],
];

describe('the chain of the trail', () => {
  it.each(manipulations)('finds and names: %s', (_name, rows, found) => {
    expect(brief(findingsIn(rows()))).toEqual([...found].sort());
  });

  it('leaves to the head what was made anew from a row to the end', () => {
    const payloads = sealed.map(({ position }) => ({
      ...payloadAt(position),
      actor: position < 9 ? ('user:asha' as const) : ('user:mallory' as const),
    }));
    const ends: string[] = [];
    const checker = new ChainChecker(
      { position: 0, chainHash: chainBeginning },
      (finding) => expect.fail(finding.message),
      (_, chainHash) => ends.push(chainHash),
    );
    for (const row of chainOf(payloads)) checker.add(row);
    checker.finish(length, true);
    expect(ends.slice(0, 8)).toEqual(sealed.slice(0, 8).map(({ chainHash }) => chainHash));
    expect(ends.at(-1)).not.toBe(sealed.at(-1)?.chainHash);
  });

  it('names the very row in a trail of any length, whichever is changed or removed', () => {
    const cases = fc.record({ position: fc.integer({ min: 1, max: length }), isRemoved: fc.boolean() });
    fc.assert(
      fc.property(cases, ({ position, isRemoved }) => {
        const rows = isRemoved ? sealed.filter((row) => row.position !== position) : withRows(forged(position));
        const missing = position === length ? `cut ${length}` : `removed ${position}`;
        expect(brief(findingsIn(rows))).toEqual([isRemoved ? missing : `changed row-${position}`]);
      }),
      { numRuns: 60 },
    );
  });

  it('finds something wherever any rows are removed, changed, or moved', () => {
    const change = fc.record({
      what: fc.constantFrom('change' as const, 'remove' as const, 'renumber' as const, 'swap' as const),
      position: fc.integer({ min: 1, max: length - 1 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(change, { minLength: 1, maxLength: 6, selector: ({ position }) => position }),
        (changes) => {
          let rows: ChainRow[] = [...sealed];
          for (const { what, position } of changes) {
            if (what === 'change')
              rows = rows.map((row) =>
                row.id === `row-${position}` ? { ...forged(position), position: row.position } : row,
              );
            else if (what === 'remove') rows = rows.filter(({ id }) => id !== `row-${position}`);
            else if (what === 'renumber')
              rows = rows.map((row) =>
                row.id === `row-${position}` ? { ...row, position: row.position + 1000 } : row,
              );
            else rows = rows.map((row) => ({ ...row, position: swapped(row.position, position) }));
          }
          const isWhole =
            rows.length === length &&
            rows.every(
              (row) =>
                row.position === at(Number(row.id.slice(4))).position &&
                row.payloadHash === at(row.position).payloadHash,
            );
          expect(findingsIn(rows).length > 0).toBe(!isWhole);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function swapped(position: number, first: number): number {
  if (position === first) return first + 1;
  return position === first + 1 ? first : position;
}
