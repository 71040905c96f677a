import { sql } from 'kysely';
import type { LeadFactsStore } from '../../../crm/leads/lead-facts-store.js';
import type { LeadId } from '../../../foundation/kernel/index.js';
import { OneAtATime } from '../../one-at-a-time.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, prepareList, runQuery } from '../prepared.js';
import { schemaName } from '../schema.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import { type LeadTotalsTable, type TotalKeyColumns, totalKeyColumns, totalNumbers } from '../tables-lead-totals.js';
import { type CountedFacts, countedColumns, TotalDeltas } from './total-deltas.js';
import { wrongTotals } from './total-differences.js';

/** Changes that are added up at once, and how many of them are worth it. */
const foldedAtOnce = 1_000;
const worthFolding = 256;
const mostFolded = 20_000;

const totalColumns = [...totalKeyColumns, ...totalNumbers] as const;

/** How the totals of boards follow the facts. */
export interface LeadTotals extends Pick<LeadFactsStore, 'foldTotals' | 'recountTotals' | 'wrongTotals'> {
  /** What the leads are counted as, locked where the engine locks rows; those without a row are left out. */
  counted(connection: SqlConnection, leadIds: readonly LeadId[]): Promise<readonly CountedLead[]>;
  /** Writes what changed, in the unit that changed the facts. */
  write(connection: SqlConnection, deltas: TotalDeltas): Promise<void>;
}

export interface CountedLead extends CountedFacts {
  readonly lead_id: LeadId;
  readonly version: number;
  readonly placement_version: number;
}

type ChangeRow = LeadTotalsTable & { readonly id: number };

/**
 * An engine with one writer adds to the totals at once. Where writers run side by side they would wait for each other at the total of
 * the first stage: there each adds rows of changes, and a unit that finds many of them adds them up, unless another is at it.
 */
export function leadTotals(context: SqlContext): LeadTotals {
  const { flavour, unitOfWork } = context;
  const writesChanges = flavour.locksRows;
  const totals = inserter(flavour, 'lead_totals', totalColumns);
  const changes = inserter(flavour, 'lead_total_changes', totalColumns);
  const recounts = new OneAtATime();
  /** Of this process, since it last looked whether there are many. It looks with its first ones, as it may live too short for more. */
  let written = worthFolding;

  const stored = prepareList<LeadId, Record<never, never>, CountedLead>((leadIds) =>
    flavour.query
      .selectFrom('lead_facts')
      .select(['lead_id', 'version', 'placement_version', ...countedColumns])
      .where('lead_id', 'in', leadIds)
      .$if(flavour.locksRows, (select) => select.forUpdate()),
  );
  /** The turn to add up is the lock of a row that is there in every store; nobody waits for it but a recount. */
  const turn = (ending: string) =>
    prepare<Record<never, never>, { name: string }>(() =>
      compilable(
        flavour,
        sql<{ name: string }>`select name from store_schema where name = ${schemaName} ${sql.raw(ending)}`,
      ),
    );
  const [freeTurn, nextTurn] = [turn('for update skip locked'), turn('for update')];
  const worthwhile = prepare<Record<never, never>, { id: number }>(() =>
    compilable(
      flavour,
      sql<{ id: number }>`select id from lead_total_changes order by id limit 1 offset ${sql.lit(worthFolding - 1)}`,
    ),
  );
  const oldest = prepare<Record<never, never>, ChangeRow>(() =>
    flavour.query
      .selectFrom('lead_total_changes')
      .select(['id', ...totalColumns])
      .orderBy('id')
      .limit(sql.lit(foldedAtOnce)),
  );
  const forget = prepareList<number, Record<never, never>, unknown>((ids) =>
    flavour.query.deleteFrom('lead_total_changes').where('id', 'in', ids),
  );
  const removeNoughts = noughtRemoval(context);

  async function addUp(connection: SqlConnection, deltas: TotalDeltas): Promise<void> {
    const rows = deltas.rows();
    await totals.insertAdding(connection, rows, totalNumbers);
    await removeNoughts(
      connection,
      rows.filter(({ leads }) => leads < 0),
    );
  }

  /** @returns how many changes; none while another unit is at it */
  async function fold(connection: SqlConnection): Promise<number> {
    if (writesChanges && (await freeTurn.first(connection, {})) === null) return 0;
    const rows = await oldest.all(connection, {});
    if (rows.length === 0) return 0;
    const deltas = new TotalDeltas();
    for (const row of rows) deltas.add(row);
    await addUp(connection, deltas);
    // Exactly those: a change with a lower number may be committed later.
    await forget.all(
      connection,
      rows.map(({ id }) => id),
      {},
    );
    return rows.length;
  }

  async function write(connection: SqlConnection, deltas: TotalDeltas): Promise<void> {
    if (!writesChanges) return addUp(connection, deltas);
    const rows = deltas.rows();
    await changes.insert(connection, rows);
    written += rows.length;
    if (written < worthFolding) return;
    written = 0;
    if ((await worthwhile.first(connection, {})) !== null) await fold(connection);
  }

  async function recount(): Promise<number> {
    return unitOfWork.run('ledger', async (unit) => {
      const connection = connectionOf(unit, 'ledger');
      if (writesChanges) await nextTurn.first(connection, {});
      const wrong = await wrongTotals(context);
      const deltas = new TotalDeltas();
      for (const row of wrong) deltas.add(row);
      await addUp(connection, deltas);
      return wrong.length;
    });
  }

  return {
    counted: (connection, leadIds) => stored.all(connection, leadIds, {}),
    write,
    async foldTotals() {
      let folded = 0;
      while (folded < mostFolded) {
        const { rows } = await runQuery(
          context.reader,
          flavour.query.selectFrom('lead_total_changes').select('id').orderBy('id').limit(1),
        );
        if (rows.length === 0) return folded;
        const some = await unitOfWork.run('ledger', (unit) => fold(connectionOf(unit, 'ledger')));
        folded += some;
        if (some < foldedAtOnce) return folded;
      }
      return folded;
    },
    recountTotals: () => recounts.run('totals', recount),
    wrongTotals: async () => (await wrongTotals(context)).length,
  };
}

/**
 * Removes totals of no lead, so that stages, owners and partners that are gone leave nothing to read: those of a key where a call costs
 * next to nothing, else, as only one adds up at a time, all of the lines concerned at once.
 */
function noughtRemoval({
  flavour,
}: SqlContext): (connection: SqlConnection, rows: readonly TotalKeyColumns[]) => Promise<void> {
  const noughts = sql.raw(totalNumbers.map((column) => `${column} = 0`).join(' and '));
  if (flavour.valuesPerInsert > 1) {
    const ofLines = prepareList<string, Record<never, never>, unknown>((lines) =>
      compilable(flavour, sql`delete from lead_totals where product_line in (${sql.join(lines)}) and ${noughts}`),
    );
    return async (connection, rows) => {
      await ofLines.all(connection, [...new Set(rows.map((row) => row.product_line))], {});
    };
  }
  const ofKey = prepare<TotalKeyColumns, unknown>((parameter) => {
    const conditions = totalKeyColumns.map((column) => sql`${sql.ref(column)} = ${parameter(column)}`);
    return compilable(flavour, sql`delete from lead_totals where ${sql.join(conditions, sql` and `)} and ${noughts}`);
  });
  return async (connection, rows) => {
    for (const row of rows) await ofKey.run(connection, row);
  };
}
