import type { RowBatch, StoredRow } from '../../foundation/backup/snapshot-store.js';
import { LmsError } from '../../foundation/kernel/index.js';
import { copiedColumns } from './copied-tables.js';
import { mysqlFlavour } from './flavour.js';
import { lengthOf } from './row-batches.js';
import type { SqlConnection, SqlValue } from './sql-connection.js';
import { statementChunks } from './statement-chunks.js';

/** Of one INSERT where a call is a round trip. */
const limits = { rows: 500, characters: mysqlFlavour.charactersPerInsert, lengthOf };

/** Inserts copied rows. @throws LmsError `BACKUP_INVALID` for a table or row that this layout does not have */
export async function insertRows(connection: SqlConnection, batch: RowBatch): Promise<void> {
  const columns = columnsFor(batch);
  const names = columns.map(quoted).join(', ');
  const one = `(${columns.map(() => '?').join(', ')})`;
  const start = `INSERT INTO ${quoted(batch.table)} (${names}) VALUES `;
  if (connection.executeEach !== undefined) {
    await connection.executeEach(`${start}${one}`, batch.rows);
    return;
  }
  for (const rows of statementChunks(batch.rows, limits)) {
    const parameters: SqlValue[] = rows.flat();
    await connection.execute({ sql: start + rows.map(() => one).join(', '), parameters });
  }
}

/** A name of ours as both engines take it, also where it is a word of theirs. */
export function quoted(name: string): string {
  return `\`${name}\``;
}

/** The columns of a batch's table, each row being known to have as many cells. */
export function columnsFor({ table, rows }: RowBatch): readonly string[] {
  const columns = copiedColumns(table);
  if (columns.length === 0) throw misfit(`there is no table ${table}`);
  if (rows.some((row: StoredRow) => row.length !== columns.length)) {
    throw misfit(`a row of ${table} has not the ${columns.length} columns of this release`);
  }
  return columns;
}

function misfit(reason: string): LmsError {
  return new LmsError('BACKUP_INVALID', { message: `the rows are not those of a store of this release: ${reason}` });
}
