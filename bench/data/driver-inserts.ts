import type { ClientSession, Collection, Document } from 'mongodb';
import type { PoolConnection } from 'mysql2/promise';

export async function insertDocuments(
  collection: Collection<Document>,
  documents: readonly Document[],
  session: ClientSession,
): Promise<void> {
  if (documents.length === 0) return;
  await collection.insertMany([...documents], { session });
}

/** All rows in one statement. */
export async function insertRows(
  connection: PoolConnection,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => columns.map((column) => row[column]));
  await connection.query('INSERT INTO ?? (??) VALUES ?', [table, columns, values]);
}
