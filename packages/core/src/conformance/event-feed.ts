import { deepStrictEqual, equal } from 'node:assert/strict';
import type { AuditRow } from '../foundation/audit/audit-store.js';
import type { EventFeedStore, FeedWindow } from '../foundation/events/event-feed-store.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter, sampleAuditRow } from './samples.js';
import { inUnit } from './together.js';

/** Gives these rows the next places. @returns the position of the first */
async function sealed({ storage }: ConformanceContext, rows: readonly AuditRow[]): Promise<number> {
  return inUnit(storage, 'ledger', async (unit) => {
    await storage.audit.insert(unit, rows);
    const after = (await storage.auditChain.head(unit))?.position ?? 0;
    const hash = 'ef'.repeat(32);
    const places = rows.map(({ id }, at) => ({ id, position: after + at + 1, prevHash: hash, chainHash: hash }));
    const head = { position: after + rows.length, chainHash: hash, at: instantAfter(0), mac: hash };
    equal(await storage.auditChain.extend(unit, { places, head, after }), true);
    return after + 1;
  });
}

async function idsIn(storage: Storage, window: FeedWindow): Promise<readonly string[]> {
  return (await storage.eventFeed.events(window)).map(({ id }) => id);
}

const everything: Pick<FeedWindow, 'types' | 'aggregateIds' | 'limit'> = { types: null, aggregateIds: null, limit: 50 };

export const eventFeedCases: readonly ConformanceCase[] = [
  {
    id: 'event-feed/window',
    level: 'MUST',
    title:
      'sealed rows are events by position, those after and up to a position, as they were written; others are none',
    async run(context) {
      const { other } = context;
      const rows = Array.from({ length: 5 }, (_, at) =>
        sampleAuditRow(context, { at: instantAfter(at), sealed: 'c2VhbGVk', changes: { deep: [at, null, 'संख्या'] } }),
      );
      // Places need not follow ids.
      const placed = [...rows].reverse();
      const first = await sealed(context, placed);
      await inUnit(context.storage, 'ledger', (unit) => context.storage.audit.insert(unit, [sampleAuditRow(context)]));
      const found = await other.eventFeed.events({ ...everything, after: first - 1, through: first + 50 });
      const expected: Awaited<ReturnType<EventFeedStore['events']>> = placed.map((row, at) => ({
        position: first + at,
        id: row.id as (typeof found)[number]['id'],
        type: row.eventType,
        typeVersion: 1,
        at: row.at,
        actor: row.actor,
        command: row.command,
        aggregate: row.aggregate,
        correlationId: row.correlationId,
        data: row.changes,
      }));
      deepStrictEqual(found, expected);
      const ids = placed.map(({ id }) => id);
      deepStrictEqual(await idsIn(other, { ...everything, after: first, through: first + 2 }), ids.slice(1, 3));
      const two = { ...everything, limit: 2 };
      deepStrictEqual(await idsIn(other, { ...two, after: first, through: first + 9 }), ids.slice(1, 3));
    },
  },
  {
    id: 'event-feed/filters',
    level: 'MUST',
    title: 'events are filtered by type, by all types of a noun and by what they are about, byte by byte',
    async run(context) {
      const { other } = context;
      const types = ['lead.created', 'lead.updated', 'leads.created', 'user.created', 'lead', 'LEAD.created'];
      const rows = types.map((eventType) => sampleAuditRow(context, { eventType }));
      const first = await sealed(context, rows);
      const window = { ...everything, after: first - 1, through: first + rows.length - 1 };
      const typesOf = async (change: Partial<FeedWindow>): Promise<readonly string[]> =>
        (await other.eventFeed.events({ ...window, ...change })).map(({ type }) => type);
      const none: readonly string[] = [];
      deepStrictEqual(await typesOf({ types: { names: ['lead.updated', 'user.created'], prefixes: none } }), [
        'lead.updated',
        'user.created',
      ]);
      deepStrictEqual(await typesOf({ types: { names: none, prefixes: ['lead.'] } }), ['lead.created', 'lead.updated']);
      deepStrictEqual(await typesOf({ types: { names: ['leads.created'], prefixes: ['user.'] } }), [
        'leads.created',
        'user.created',
      ]);
      const about = [rows[1], rows[3]].map((row) => row?.aggregate.id ?? '');
      deepStrictEqual(await typesOf({ aggregateIds: about }), ['lead.updated', 'user.created']);
      deepStrictEqual(await typesOf({ aggregateIds: about, types: { names: none, prefixes: ['lead.'] } }), [
        'lead.updated',
      ]);
    },
  },
];
