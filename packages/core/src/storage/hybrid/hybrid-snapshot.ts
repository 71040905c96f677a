import type { RowBatch, StoredRow, StoreSnapshot } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import type { StoredStoreKey } from '../../foundation/privacy/index.js';
import { refuseCopying } from '../migrations/layout.js';
import { dataCollections } from '../mongo/mongo-collections.js';
import { MongoMoment } from '../mongo/mongo-moment.js';
import { rowMappings } from '../mongo/mongo-rows.js';
import { lostAsUnavailable } from '../mysql/mysql-pool.js';
import { type MysqlMoment, mysqlMoment } from '../mysql/mysql-snapshot.js';
import { columnAt, copiedTables, ledgerTables } from '../sql/copied-tables.js';
import { keysetPages } from '../sql/keyset-pages.js';
import type { TableDescription } from '../sql/schema-description.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { type Cut, cutOf, type Moments } from './cut.js';
import type { HybridConnection } from './hybrid-connection.js';
import { risingGroups } from './ledger-differences.js';
import { aggregateOf, retoldRows } from './retold-events.js';
import { totalsWithout } from './totals-without.js';

const momentAttempts = 5;

type LookupRow = Pick<StoredStoreKey, 'wrapped'>;

export interface HybridSnapshotOptions {
  readonly ledgerServer: string;
  /** Called when a moment is fixed; tests write in between. */
  readonly onMoment?: (moment: 'earlier' | 'documents' | 'later') => Promise<void>;
}

/**
 * What both servers hold as one store. There is no moment of both: the ledger's is taken a little before the documents' and again a
 * little after, and what the two differ by is settled as {@link cutOf} says. Writers go on meanwhile.
 */
export async function hybridSnapshot(
  servers: Pick<HybridConnection, 'mongo' | 'mysql'>,
  options: HybridSnapshotOptions,
): Promise<StoreSnapshot> {
  for (let attempt = 1; attempt <= momentAttempts; attempt += 1) {
    const snapshot = await snapshotOfMoments(servers, options);
    if (snapshot !== null) return snapshot;
  }
  throw new LmsError('STORE_CONFLICT', {
    message: 'the look-up keys kept being changed during the snapshot; try again',
  });
}

/** @returns null when the look-up keys were changed between the moments: the ledger then has hashes that the keys of the documents do not find */
async function snapshotOfMoments(
  { mongo, mysql }: Pick<HybridConnection, 'mongo' | 'mysql'>,
  { ledgerServer, onMoment = async () => undefined }: HybridSnapshotOptions,
): Promise<StoreSnapshot | null> {
  const begun: { end(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    // What cannot be ended on one server keeps nothing open on the other.
    await Promise.allSettled(begun.map((moment) => moment.end()));
  };
  const ledgerMoment = async (): Promise<MysqlMoment> => {
    const moment = await mysqlMoment(mysql, ledgerServer);
    begun.push(moment);
    return moment;
  };
  try {
    const earlier = (await ledgerMoment()).connection;
    // Before the documents' moment, which their server does not keep for long.
    const earlierGroups = await risingGroups(earlier);
    await onMoment('earlier');
    const documents = await MongoMoment.begin(mongo);
    begun.push(documents);
    refuseCopying(await documents.layout(), mongo.server);
    await onMoment('documents');
    const later = (await ledgerMoment()).connection;
    await onMoment('later');
    if (!(await keepsLookupKeys(documents, mongo))) {
      await close();
      return null;
    }
    const sealedUpTo = await positionOfHead(earlier);
    const cut = await cutOf({ earlier, earlierGroups, documents, later });
    return {
      batches: () => telling(batchesOf({ earlier, documents, later }, { ...cut, sealedUpTo }), ledgerServer),
      close,
    };
  } catch (error) {
    await close();
    throw lostAsUnavailable(error, ledgerServer);
  }
}

/** Whether the look-up keys of the moment are still those of now, which is after all moments. */
async function keepsLookupKeys(documents: MongoMoment, mongo: HybridConnection['mongo']): Promise<boolean> {
  const filter = { _id: 'lookup' };
  const [then] = await documents.find<LookupRow>('storeKeys', filter, { limit: 1 });
  const now = await mongo.collection('storeKeys').findOne<LookupRow>(filter, {});
  return then?.wrapped === now?.wrapped;
}

async function* telling(batches: AsyncIterable<RowBatch>, server: string): AsyncGenerator<RowBatch> {
  try {
    yield* batches;
  } catch (error) {
    throw lostAsUnavailable(error, server);
  }
}

async function* batchesOf(
  { earlier, documents, later }: Pick<Moments, 'earlier' | 'documents' | 'later'>,
  cut: SealedCut,
): AsyncGenerator<RowBatch> {
  for (const table of copiedTables) {
    for (const name of dataCollections) if (rowMappings[name].table === table.name) yield* documents.rows(name);
    if (ledgerTables.has(table.name)) {
      const connection = tablesOfEarlier.has(table.name) ? earlier : later;
      for await (const { rows } of keysetPages(connection, table)) yield settled(table, rows, cut);
    }
    if (table.name === 'outbox') yield* retoldRows({ earlier, later }, cut.retold);
    if (table.name === 'lead_total_changes') yield await totalsWithout(later, cut.absentLeads);
  }
}

/** Runs that go on are then ones that broke off; the trail is sealed as far as no row is left out, and consumers have come no further. */
const tablesOfEarlier: ReadonlySet<string> = new Set([
  'import_runs',
  'audit_heads',
  'event_consumers',
  'webhook_cursors',
]);

/** Rows of the trail may be left out of what was told since the earlier moment, so no more is sealed than was then. */
interface SealedCut extends Cut {
  readonly sealedUpTo: number;
}

async function positionOfHead(connection: SqlConnection): Promise<number> {
  const sql = "SELECT position FROM audit_heads WHERE name = 'now'";
  return (await connection.execute<{ readonly position: number }>({ sql, parameters: [] })).rows[0]?.position ?? 0;
}

/**
 * The tables whose rows are of an event or of a lead, by the column that says of which. Consents and blocks are not among them: they hold
 * for the person, by phone and email, also where the lead they were recorded for is too new to be in the backup.
 */
const columnOfEvent: Readonly<Record<string, string>> = { audit: 'id', moves: 'event_id', step_outcomes: 'event_id' };
const columnOfLead: Readonly<Record<string, string>> = {
  placements: 'lead_id',
  lead_facts: 'lead_id',
  lead_collaborators: 'lead_id',
  stage_stays: 'lead_id',
  lead_index: 'lead_id',
  // Ids are of one kind of thing only, so those of other things meet none of a lead.
  commands: 'aggregate_id',
};

function settled({ name }: TableDescription, rows: readonly StoredRow[], cut: SealedCut): RowBatch {
  const without = (
    column: string | undefined,
    ids: ReadonlySet<string>,
    from: readonly StoredRow[],
  ): readonly StoredRow[] => {
    if (column === undefined || ids.size === 0) return from;
    const at = columnAt(name, column);
    return from.filter((row) => !ids.has(String(row[at])));
  };
  const known = without(columnOfLead[name], cut.absentLeads, without(columnOfEvent[name], cut.droppedEvents, rows));
  if (name === 'outbox') return { table: name, rows: known.filter((row) => !isOfAbsent(row, cut)) };
  if (name === 'audit') return { table: name, rows: known.map((row) => unsealedAfter(row, cut.sealedUpTo)) };
  return { table: name, rows: name === 'lead_facts' ? known.map((row) => notAhead(row, cut)) : known };
}

/** Whether an event waits to be told to a lead that is not there. */
function isOfAbsent(row: StoredRow, { absentLeads }: Cut): boolean {
  return absentLeads.size > 0 && absentLeads.has(aggregateOf(String(row[columnAt('outbox', 'event')])));
}

/** Its version is set below the document's, so that telling of the lead again writes over it; its owner stays. */
function notAhead(row: StoredRow, { leadVersions }: Cut): StoredRow {
  const version = columnAt('lead_facts', 'version');
  const known = leadVersions.get(String(row[columnAt('lead_facts', 'lead_id')]));
  if (known === undefined || Number(row[version]) <= known) return row;
  return row.with(version, known - 1);
}

/** A row that was sealed later is one to be sealed yet. */
function unsealedAfter(row: StoredRow, sealedUpTo: number): StoredRow {
  const position = row[columnAt('audit', 'position')];
  if (position === null || Number(position) <= sealedUpTo) return row;
  return ['position', 'prev_hash', 'chain_hash'].reduce<StoredRow>(
    (left, column) => left.with(columnAt('audit', column), null),
    row,
  );
}
