import type { Selectable } from 'kysely';
import type { StepOutcomes } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { prepareList } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { StepOutcomesTable } from '../tables.js';

type OutcomeRow = Omit<Selectable<StepOutcomesTable>, 'format'>;

const columns = [
  'event_id',
  'step',
  'outcome',
  'code',
  'reason',
  'at',
] as const satisfies readonly (keyof OutcomeRow)[];

export function stepOutcomeStore(context: SqlContext): StepOutcomes {
  const { query, locksRows } = context.flavour;
  const outcomes = inserter(context.flavour, 'step_outcomes', columns);
  const ofEvents = (lock: boolean) =>
    prepareList<string, { step: string }, OutcomeRow>((eventIds, parameter) =>
      query
        .selectFrom('step_outcomes')
        .select(columns)
        .where('event_id', 'in', eventIds)
        .where('step', '=', parameter('step'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const found = ofEvents(false);
  const foundLocked = locksRows ? ofEvents(true) : found;
  return {
    async find(unit, step, eventIds) {
      const statement = unit === null ? found : foundLocked;
      const rows = await statement.all(readerFor(context, unit, 'ledger'), eventIds, { step });
      return rows.map(({ event_id: eventId, ...row }) => ({ eventId, ...row }));
    },
    async insert(unit, given) {
      await outcomes.insert(
        connectionOf(unit, 'ledger'),
        given.map(({ eventId, ...outcome }) => ({ event_id: eventId, ...outcome })),
      );
    },
  };
}
