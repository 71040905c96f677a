import type { DomainEvent } from '../../../foundation/kernel/index.js';
import type { Home, Outbox } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare, runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';

const idsPerStatement = 500;

export function outboxStore(context: SqlContext): Outbox {
  const { query } = context.flavour;
  const outbox = inserter(context.flavour, 'outbox', ['home', 'id', 'event']);
  const oldest = prepare<{ home: Home; limit: number }, { event: string }>((parameter) =>
    query
      .selectFrom('outbox')
      .select('event')
      .where('home', '=', parameter('home'))
      .orderBy('id')
      .limit(parameter('limit')),
  );
  const count = prepare<{ home: Home }, { events: number }>((parameter) =>
    query
      .selectFrom('outbox')
      .select((each) => each.fn.countAll<number>().as('events'))
      .where('home', '=', parameter('home')),
  );
  return {
    async append(unit, events) {
      await outbox.insert(
        connectionOf(unit, unit.home),
        events.map((event) => ({ home: unit.home, id: event.id, event: writeJson(event) })),
      );
    },
    async waiting(home, limit) {
      const rows = await oldest.all(context.reader, { home, limit });
      return rows.map((row) => readJson<DomainEvent>(row.event));
    },
    async remove(home, ids) {
      if (ids.length === 0) return;
      await context.unitOfWork.run(home, async (unit) => {
        for (let start = 0; start < ids.length; start += idsPerStatement) {
          const chunk = ids.slice(start, start + idsPerStatement);
          const remove = query.deleteFrom('outbox').where('home', '=', home).where('id', 'in', chunk);
          await runQuery(connectionOf(unit, home), remove);
        }
      });
    },
    async count(home) {
      return (await count.first(context.reader, { home }))?.events ?? 0;
    },
  };
}
