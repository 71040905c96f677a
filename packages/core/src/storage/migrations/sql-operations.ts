import type { Migration, SqlOperation } from './migration.js';

/** Which tables an SQL database of a store has: those of both homes, or the ledger's beside a MongoDB. */
export type SqlHomes = 'both' | 'ledger';

/** What of a step concerns an SQL database, in order. */
export function sqlOperationsOf(migration: Migration, homes: SqlHomes): readonly SqlOperation[] {
  const { commonTables = [], documentTables = [], ledgerTables = [] } = migration;
  return [...commonTables, ...(homes === 'both' ? documentTables : []), ...ledgerTables];
}

/** An operation in words. */
export function describeSqlOperation(operation: SqlOperation): string {
  switch (operation.kind) {
    case 'create-table':
      return `create table ${operation.table.name}`;
    case 'add-column':
      return `add column ${operation.table}.${operation.column}`;
    case 'add-index':
      return `add index ${operation.index.name} to ${operation.table}`;
    case 'drop-index':
      return `drop index ${operation.index} of ${operation.table}`;
    case 'fill':
      return `fill ${operation.table}.${operation.column} from ${operation.from}`;
    case 'run':
      return operation.words;
  }
}

/** The table whose rows an operation looks at; null when it looks at none. */
export function tableReadBy(operation: SqlOperation): string | null {
  if (operation.kind === 'run') return operation.reads;
  return operation.kind === 'add-index' || operation.kind === 'fill' ? operation.table : null;
}
