import { deepStrictEqual, equal } from 'node:assert/strict';
import type { SealedPlace, SignedHead } from '../foundation/audit/audit-chain-store.js';
import type { AuditRow } from '../foundation/audit/audit-store.js';
import type { Unit } from '../foundation/persistence/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter, sampleAuditRow } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';

/** The store does not look at hashes, so the text of a position will do. */
const hashAt = (position: number): string => `hash-of-${position}`;

function headAt(position: number, at: string = instantAfter(position)): SignedHead {
  return { position, chainHash: hashAt(position), at, mac: `mac-of-${position}` };
}

function placesAfter(after: number, ids: readonly string[]): readonly SealedPlace[] {
  return ids.map((id, index) => {
    const position = after + index + 1;
    return { id, position, prevHash: hashAt(position - 1), chainHash: hashAt(position) };
  });
}

/** Seals at most `limit` rows that wait, as a sealer would. */
async function sealSome(storage: Storage, unit: Unit, limit: number): Promise<readonly SealedPlace[]> {
  const after = (await storage.auditChain.head(unit))?.position ?? 0;
  const rows = await storage.auditChain.unsealed(unit, limit);
  if (rows.length === 0) return [];
  const places = placesAfter(
    after,
    rows.map(({ id }) => id),
  );
  const isDone = await storage.auditChain.extend(unit, { places, head: headAt(after + rows.length), after });
  if (!isDone) throw new Error('the head was another one although it was read in this unit');
  return places;
}

async function sealAll(storage: Storage): Promise<void> {
  while ((await inUnit(storage, 'ledger', (unit) => sealSome(storage, unit, 500))).length > 0);
}

async function insertRows(context: ConformanceContext, count: number): Promise<readonly AuditRow[]> {
  const rows = Array.from({ length: count }, () => sampleAuditRow(context));
  await inUnit(context.storage, 'ledger', (unit) => context.storage.audit.insert(unit, rows));
  return rows;
}

/** Where the trail ends; the cases before have sealed some. */
async function headPosition({ other }: ConformanceContext): Promise<number> {
  return (await other.auditChain.head(null))?.position ?? 0;
}

export const auditChainCases: readonly ConformanceCase[] = [
  {
    id: 'audit-chain/race',
    level: 'MUST',
    title: '12 sealers at once: every row gets one place, positions have no gap, and each follows the one before it',
    async run(context) {
      await sealAll(context.storage);
      const first = await headPosition(context);
      const rows = await insertRows(context, 30);
      const sealed = await together(context, 12, (store) =>
        inUnit(store, 'ledger', (unit) => sealSome(store, unit, 3)),
      );
      equal(sealed.flat().length, 30);
      const stored = await context.other.auditChain.rows(first, 100);
      deepStrictEqual(
        stored.map(({ position, prevHash, chainHash }) => ({ position, prevHash, chainHash })),
        stored.map((_, index) => {
          const position = first + index + 1;
          return { position, prevHash: hashAt(position - 1), chainHash: hashAt(position) };
        }),
      );
      deepStrictEqual(
        stored.map(({ id }) => id),
        rows.map(({ id }) => id),
      );
      deepStrictEqual(await context.other.auditChain.head(null), headAt(first + 30));
    },
  },
  {
    id: 'audit-chain/stale-head',
    level: 'MUST',
    title:
      'who extends after a position that is no longer the last one is refused, and a unit that fails seals nothing',
    async run(context) {
      const { storage, other } = context;
      await insertRows(context, 3);
      await sealAll(storage);
      const last = await headPosition(context);
      const [row] = await insertRows(context, 1);
      const place = placesAfter(last - 2, [row?.id ?? '']);
      const stale = { places: place, head: headAt(last - 1), after: last - 2 };
      equal(await inUnit(other, 'ledger', (unit) => other.auditChain.extend(unit, stale)), false);
      const failing = inUnit(storage, 'ledger', async (unit) => {
        await sealSome(storage, unit, 10);
        throw new Error('planned');
      });
      await refusalOf(failing, 'the unit to fail');
      equal(await headPosition(context), last);
      equal((await other.auditChain.rows(last, 10)).length, 0);
      deepStrictEqual(
        (await inUnit(other, 'ledger', (unit) => other.auditChain.unsealed(unit, 10))).map(({ id }) => id),
        [row?.id],
      );
      await sealAll(storage);
    },
  },
  {
    id: 'audit-chain/late-rows',
    level: 'MUST',
    title: 'a row that is committed late is found although rows with later ids were sealed before it; rows wait by id',
    async run(context) {
      const { storage, other } = context;
      await sealAll(storage);
      const [early, between, late] = [1, 2, 3].map(() => sampleAuditRow(context, { payloadHash: 'ab'.repeat(32) }));
      if (early === undefined || between === undefined || late === undefined) throw new Error('there are three');
      await inUnit(storage, 'ledger', (unit) => storage.audit.insert(unit, [late]));
      await sealAll(other);
      await inUnit(storage, 'ledger', (unit) => storage.audit.insert(unit, [between, early]));
      deepStrictEqual(await other.auditChain.waiting(10), { count: 2, oldestAt: early.at });
      equal((await other.auditChain.waiting(1)).count, 1);
      deepStrictEqual(
        await inUnit(other, 'ledger', (unit) => other.auditChain.unsealed(unit, 10)),
        [early, between].map(({ id, payloadHash, aggregate }) => ({ id, payloadHash, aggregate })),
      );
      const last = await headPosition(context);
      await sealAll(storage);
      deepStrictEqual(await other.auditChain.waiting(10), { count: 0, oldestAt: null });
      deepStrictEqual(
        (await other.auditChain.rows(last, 10)).map(({ id, position }) => ({ id, position })),
        [
          { id: early.id, position: last + 1 },
          { id: between.id, position: last + 2 },
        ],
      );
    },
  },
  {
    id: 'audit-chain/of-aggregates',
    level: 'MUST',
    title: 'rows without a place are found by what they are about, those above an id, by id',
    async run(context) {
      const { storage, other } = context;
      await sealAll(storage);
      const [lead, foreign] = [1, 2].map(() => context.ids.next<'lead'>());
      if (lead === undefined || foreign === undefined) throw new Error('there are two');
      const about = (kind: string, id: string, version: number) =>
        sampleAuditRow(context, { aggregate: { kind, id, version } });
      const sealed = about('lead', lead, 1);
      await inUnit(storage, 'ledger', (unit) => storage.audit.insert(unit, [sealed]));
      await sealAll(storage);
      const rows = [
        about('lead', lead, 4),
        about('lead', foreign, 1),
        about('placement', lead, 1),
        about('lead', lead, 3),
      ];
      const [first, , ofPlacement, last] = rows;
      await inUnit(storage, 'ledger', (unit) => storage.audit.insert(unit, rows));
      const found = async (kinds: readonly string[], after: string, limit: number) =>
        (
          await inUnit(other, 'ledger', (unit) =>
            other.auditChain.unsealedAbout(
              unit,
              kinds.map((kind) => ({ kind, id: lead, version: 9 })),
              after,
              limit,
            ),
          )
        ).map(({ id, aggregate }) => ({ id, aggregate }));
      const shown = (all: readonly (AuditRow | undefined)[]) =>
        all.flatMap((row) => (row === undefined ? [] : [{ id: row.id, aggregate: row.aggregate }]));
      deepStrictEqual(await found(['lead'], '', 9), shown([first, last]));
      deepStrictEqual(await found(['lead', 'placement'], first?.id ?? '', 9), shown([ofPlacement, last]));
      deepStrictEqual(await found(['lead', 'placement'], '', 2), shown([first, ofPlacement]));
      await sealAll(storage);
    },
  },
  {
    id: 'audit-chain/read',
    level: 'MUST',
    title: 'sealed rows are read back by position, page by page, as they were written; each day keeps its last head',
    async run(context) {
      const { storage, other } = context;
      await sealAll(storage);
      const last = await headPosition(context);
      const rows = await insertRows(context, 5);
      const ats = ['2031-05-01T10:00:00.000Z', '2031-05-01T23:59:59.999Z', '2031-05-02T00:00:00.000Z'];
      let after = last;
      for (const [index, at] of ats.entries()) {
        const ids = rows.slice(index, index === 2 ? undefined : index + 1).map(({ id }) => id);
        const head = headAt(after + ids.length, at);
        const extension = { places: placesAfter(after, ids), head, after };
        equal(await inUnit(storage, 'ledger', (unit) => storage.auditChain.extend(unit, extension)), true);
        after = head.position;
      }
      const pages = [...(await other.auditChain.rows(last, 3)), ...(await other.auditChain.rows(last + 3, 3))];
      deepStrictEqual(
        pages,
        rows.map(({ position: _position, prevHash: _prev, chainHash: _chain, payloadHash, ...payload }, index) => ({
          id: payload.id,
          position: last + index + 1,
          payloadHash,
          prevHash: hashAt(last + index),
          chainHash: hashAt(last + index + 1),
          payload,
        })),
      );
      const days = [
        { day: '2031-05-01', ...headAt(last + 2, '2031-05-01T23:59:59.999Z') },
        { day: '2031-05-02', ...headAt(last + 5, '2031-05-02T00:00:00.000Z') },
      ];
      deepStrictEqual(await other.auditChain.dailyHeads('2031-04-30', 1), days.slice(0, 1));
      deepStrictEqual(await other.auditChain.dailyHeads('2031-05-01', 9), days.slice(1));
    },
  },
  {
    id: 'audit-chain/last-day',
    level: 'MUST',
    title:
      'the head of the day that is furthest in the trail is found, also in the unit that wrote it, whichever day it is of',
    async run(context) {
      const { storage, other } = context;
      await sealAll(storage);
      for (const at of ['2029-07-02T00:00:00.000Z', '2029-07-01T23:59:59.999Z']) {
        const [row] = await insertRows(context, 1);
        await inUnit(storage, 'ledger', async (unit) => {
          const after = (await storage.auditChain.head(unit))?.position ?? 0;
          const head = headAt(after + 1, at);
          await storage.auditChain.extend(unit, { places: placesAfter(after, [row?.id ?? '']), head, after });
          deepStrictEqual(await storage.auditChain.lastDay(unit), { day: at.slice(0, 10), ...head });
        });
      }
      const position = await headPosition(context);
      deepStrictEqual(await other.auditChain.lastDay(null), {
        day: '2029-07-01',
        ...headAt(position, '2029-07-01T23:59:59.999Z'),
      });
    },
  },
  {
    id: 'audit-chain/odd-places',
    level: 'MUST',
    title: 'rows that somebody has put after the head or before the first position are found',
    async run(context) {
      const { storage, other } = context;
      const rows = await insertRows(context, 2);
      await sealAll(storage);
      const last = await headPosition(context);
      const has = (position: number): Promise<boolean> => other.auditChain.hasRowsAfter(null, position);
      deepStrictEqual([await has(0), await has(last - 1), await has(last)], [true, true, false]);
      equal((await other.auditChain.strays(100)).filter(({ position }) => position > 0).length, 0);
      const [stray] = await insertRows(context, 1);
      await inUnit(storage, 'ledger', async (unit) => {
        const place = { id: stray?.id ?? '', position: -last, prevHash: hashAt(0), chainHash: hashAt(0) };
        await storage.auditChain.extend(unit, { places: [place], head: headAt(last), after: last });
        equal(await storage.auditChain.hasRowsAfter(unit, last - 1), true);
        equal(await storage.auditChain.hasRowsAfter(unit, last), false);
      });
      const strays = await other.auditChain.strays(100);
      deepStrictEqual(
        strays.map(({ id, position }) => ({ id, position })).filter(({ id }) => id === stray?.id),
        [{ id: stray?.id, position: -last }],
      );
      equal(
        strays.some(({ id }) => rows.some((row) => row.id === id)),
        false,
      );
      equal((await other.auditChain.strays(1)).length, 1);
    },
  },
];
