import type { Selectable } from 'kysely';
import type { ImportRunStore, StoredImportRun } from '../../../crm/imports/import-run-store.js';
import type { Json } from '../../../foundation/kernel/index.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { ImportRunsTable } from '../tables.js';

type ImportRunRow = Omit<Selectable<ImportRunsTable>, 'format'>;

const columns = [
  'id',
  'product_line',
  'schema_version',
  'file_name',
  'file_sha256',
  'file_bytes',
  'mapping',
  'status',
  'rows_read',
  'created',
  'updated',
  'duplicates',
  'rejected',
  'reasons',
  'started_at',
  'alive_at',
  'finished_at',
  'actor',
  'error',
  'version',
] as const satisfies readonly (keyof ImportRunRow)[];

const mostRunsOfFile = 10;

export function importRunStore(context: SqlContext): ImportRunStore {
  const { query } = context.flavour;
  const runs = inserter(context.flavour, 'import_runs', columns);
  return {
    async insert(unit, run) {
      await runs.insert(connectionOf(unit, 'ledger'), [rowOf(run)]);
    },
    async replace(unit, run, expectedVersion) {
      const update = query
        .updateTable('import_runs')
        .set(rowOf(run))
        .where('id', '=', run.id)
        .where('version', '=', expectedVersion);
      return (await runQuery(connectionOf(unit, 'ledger'), update)).affected === 1;
    },
    async get(id) {
      const { rows } = await runQuery(
        context.reader,
        query.selectFrom('import_runs').select(columns).where('id', '=', id),
      );
      return rows[0] ? runOf(rows[0]) : null;
    },
    async list({ productLine, actors, after, limit }) {
      if (actors?.length === 0) return [];
      let list = query.selectFrom('import_runs').select(columns);
      if (actors !== undefined) list = list.where('actor', 'in', actors);
      if (productLine !== undefined) list = list.where('product_line', '=', productLine);
      if (after !== undefined) list = list.where('id', '<', after);
      const { rows } = await runQuery(context.reader, list.orderBy('id', 'desc').limit(limit));
      return rows.map(runOf);
    },
    async ofFile({ productLine, fileSha256, actors }) {
      if (actors?.length === 0) return [];
      let list = query
        .selectFrom('import_runs')
        .select(columns)
        .where('product_line', '=', productLine)
        .where('file_sha256', '=', fileSha256);
      if (actors !== undefined) list = list.where('actor', 'in', actors);
      const { rows } = await runQuery(context.reader, list.orderBy('id', 'desc').limit(mostRunsOfFile));
      return rows.map(runOf);
    },
  };
}

function rowOf(run: StoredImportRun): ImportRunRow {
  return {
    id: run.id,
    product_line: run.productLine,
    schema_version: run.schemaVersion,
    file_name: run.fileName,
    file_sha256: run.fileSha256,
    file_bytes: run.fileBytes,
    mapping: writeJson(run.mapping),
    status: run.status,
    rows_read: run.counts.rows,
    created: run.counts.created,
    updated: run.counts.updated,
    duplicates: run.counts.duplicates,
    rejected: run.counts.rejected,
    reasons: writeJson(run.reasons),
    started_at: run.startedAt,
    alive_at: run.aliveAt,
    finished_at: run.finishedAt,
    actor: run.actor,
    error: run.error,
    version: run.version,
  };
}

function runOf(row: ImportRunRow): StoredImportRun {
  return {
    id: row.id,
    productLine: row.product_line,
    schemaVersion: row.schema_version,
    fileName: row.file_name,
    fileSha256: row.file_sha256,
    fileBytes: row.file_bytes,
    mapping: readJson<Json>(row.mapping),
    status: row.status,
    counts: {
      rows: row.rows_read,
      created: row.created,
      updated: row.updated,
      duplicates: row.duplicates,
      rejected: row.rejected,
    },
    reasons: readJson<Readonly<Record<string, number>>>(row.reasons),
    startedAt: row.started_at,
    // Null in what a release without signs of life wrote.
    aliveAt: row.alive_at ?? row.started_at,
    finishedAt: row.finished_at,
    actor: row.actor,
    error: row.error,
    version: row.version,
  };
}
