import { LmsError } from '../../../foundation/kernel/index.js';
import type { Numbers } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { prepare } from '../prepared.js';
import { Collision } from '../sql-connection.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';

/** Counters whose draws are part of the unit: a number that is rolled back was never seen. */
export function numberStore(context: SqlContext): Numbers {
  const { query } = context.flavour;
  const counters = inserter(context.flavour, 'counters', ['series', 'last']);
  const advance = prepare<{ series: string; count: number }, unknown>((parameter) =>
    query
      .updateTable('counters')
      .set((each) => ({ last: each('last', '+', parameter('count')) }))
      .where('series', '=', parameter('series')),
  );
  const read = prepare<{ series: string }, { last: number }>((parameter) =>
    query.selectFrom('counters').select('last').where('series', '=', parameter('series')),
  );
  return {
    inUnit: true,
    async draw(unit, series, count) {
      if (unit === null) {
        throw new LmsError('INTERNAL', { message: 'Numbers of this store are drawn inside a unit of work' });
      }
      if (!Number.isSafeInteger(count) || count < 1) {
        throw new LmsError('INPUT_INVALID', {
          message: `Cannot draw ${count} numbers; expected a whole number from 1`,
        });
      }
      const connection = connectionOf(unit, 'documents');
      if ((await advance.run(connection, { series, count })) === 0) {
        if (await counters.insertOne(connection, { series, last: count })) return 1;
        throw new Collision(`The series ${series} was begun meanwhile`);
      }
      const row = await read.first(connection, { series });
      if (!row) throw new Collision(`The series ${series} vanished`);
      return row.last - count + 1;
    },
  };
}
