import type { Compilable } from 'kysely';
import type { DomainEvent, Instant } from '../../../foundation/kernel/index.js';
import { type Home, type Outbox, outboxLane } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare, prepareList, runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';

interface BacklogRow {
  readonly stuck: number;
  readonly events: number;
  readonly failed: number;
}

export function outboxStore(context: SqlContext): Outbox {
  const { query } = context.flavour;
  const outbox = inserter(context.flavour, 'outbox', ['home', 'id', 'lane', 'event']);
  const oldest = prepare<{ home: Home; limit: number }, { event: string }>((parameter) =>
    query
      .selectFrom('outbox')
      .select('event')
      .where('home', '=', parameter('home'))
      .orderBy('id')
      .limit(parameter('limit')),
  );
  const due = prepare<{ home: Home; lane: number; at: Instant; limit: number }, { event: string; attempts: number }>(
    (parameter) =>
      query
        .selectFrom('outbox')
        .select(['event', 'attempts'])
        .where('home', '=', parameter('home'))
        .where('lane', '=', parameter('lane'))
        .where('stuck', '=', 0)
        .where((each) => each.or([each('due_at', 'is', null), each('due_at', '<=', parameter('at'))]))
        .orderBy('id')
        .limit(parameter('limit')),
  );
  const removal = prepareList<string, { home: Home }, unknown>((ids, parameter) =>
    query.deleteFrom('outbox').where('home', '=', parameter('home')).where('id', 'in', ids),
  );
  const postponement = prepare<
    { home: Home; id: string; attempts: number; error: string; dueAt: Instant | null; stuck: number },
    unknown
  >((parameter) =>
    query
      .updateTable('outbox')
      .set({
        attempts: parameter('attempts'),
        error: parameter('error'),
        due_at: parameter('dueAt'),
        stuck: parameter('stuck'),
      })
      .where('home', '=', parameter('home'))
      .where('id', '=', parameter('id')),
  );
  const count = prepare<{ home: Home }, { events: number }>((parameter) =>
    query
      .selectFrom('outbox')
      .select((each) => each.fn.countAll<number>().as('events'))
      .where('home', '=', parameter('home')),
  );
  const counts = prepare<{ home: Home }, BacklogRow>((parameter) =>
    query
      .selectFrom('outbox')
      .select([
        'stuck',
        (each) => each.fn.countAll<number>().as('events'),
        (each) => each.fn.count<number>('error').as('failed'),
      ])
      .where('home', '=', parameter('home'))
      .groupBy('stuck'),
  );
  const oldestOf = (home: Home): Compilable<{ event: string }> =>
    query.selectFrom('outbox').select('event').where('home', '=', home).where('stuck', '=', 0).orderBy('id').limit(1);
  const firstError = (home: Home): Compilable<{ error: string | null }> =>
    query
      .selectFrom('outbox')
      .select('error')
      .where('home', '=', home)
      .where('error', 'is not', null)
      .orderBy('id')
      .limit(1);
  const stuckIds = prepare<{ home: Home; limit: number }, { id: string }>((parameter) =>
    query
      .selectFrom('outbox')
      .select('id')
      .where('home', '=', parameter('home'))
      .where('stuck', '=', 1)
      .orderBy('id')
      .limit(parameter('limit')),
  );
  const release = prepareList<string, { home: Home }, unknown>((ids, parameter) =>
    query
      .updateTable('outbox')
      .set({ attempts: 0, due_at: null, stuck: 0 })
      .where('home', '=', parameter('home'))
      .where('id', 'in', ids),
  );

  return {
    async append(unit, events) {
      await outbox.insert(
        connectionOf(unit, unit.home),
        events.map((event) => ({
          home: unit.home,
          id: event.id,
          lane: outboxLane(event.aggregate.id),
          event: writeJson(event),
        })),
      );
    },
    async waiting(home, limit) {
      const rows = await oldest.all(context.reader, { home, limit });
      return rows.map((row) => readJson<DomainEvent>(row.event));
    },
    async due(home, lane, at, limit) {
      const rows = await due.all(context.reader, { home, lane, at, limit });
      return rows.map((row) => ({ event: readJson<DomainEvent>(row.event), attempts: row.attempts }));
    },
    async remove(home, ids) {
      if (ids.length === 0) return;
      await context.unitOfWork.run(home, (unit) => removal.all(connectionOf(unit, home), ids, { home }));
    },
    async postpone(home, failures) {
      if (failures.length === 0) return;
      await context.unitOfWork.run(home, async (unit) => {
        for (const failure of failures) {
          await postponement.run(connectionOf(unit, home), { home, ...failure, stuck: failure.dueAt === null ? 1 : 0 });
        }
      });
    },
    async retryStuck(home, limit) {
      const stuck = await stuckIds.all(context.reader, { home, limit });
      const ids = stuck.map(({ id }) => id);
      if (ids.length > 0)
        await context.unitOfWork.run(home, (unit) => release.all(connectionOf(unit, home), ids, { home }));
      return ids.length;
    },
    async count(home) {
      return (await count.first(context.reader, { home }))?.events ?? 0;
    },
    async backlog(home) {
      const rows = await counts.all(context.reader, { home });
      const [waiting, stuck] = [0, 1].map((flag) => rows.find((row) => row.stuck === flag));
      const oldest = waiting && (await runQuery(context.reader, oldestOf(home))).rows[0];
      const hasFailed = rows.some(({ failed }) => failed > 0);
      const failed = hasFailed ? (await runQuery(context.reader, firstError(home))).rows[0] : undefined;
      return {
        waiting: waiting?.events ?? 0,
        retrying: waiting?.failed ?? 0,
        stuck: stuck?.events ?? 0,
        oldestAt: oldest === undefined ? null : readJson<DomainEvent>(oldest.event).at,
        lastError: failed?.error ?? null,
      };
    },
  };
}
