import type { RawRows } from './raw-state.js';

/** A row or document as the engine gave it, names in camel case. */
export type Row = Readonly<Record<string, unknown>>;

/** What the documents home keeps. */
export interface DocumentRows
  extends Pick<
    RawRows,
    | 'oldActivities'
    | 'uniqueKeys'
    | 'dataKeys'
    | 'storeKeys'
    | 'counters'
    | 'lines'
    | 'definitions'
    | 'drafts'
    | 'mappings'
    | 'receipts'
  > {
  readonly leads: readonly LeadRow[];
}

/** A lead before its envelope was opened. */
export interface LeadRow {
  readonly id: string;
}

/** What the ledger keeps, and what each home has of its own. */
export type LedgerRows = Omit<RawRows, keyof DocumentRows | 'lookupHashes'>;

export type UnclaimedRows = DocumentRows & LedgerRows;

/** @throws Error for what is no object in JSON */
export function parsedRow(text: unknown): Row {
  const value: unknown = JSON.parse(String(text));
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${text}`);
  return { ...value };
}

export function parsedList(text: unknown): readonly unknown[] {
  const value: unknown = JSON.parse(String(text));
  return Array.isArray(value) ? value : [];
}

/** A waiting event: what it is of is in its text. */
export function outboxRow(row: Row): Row {
  return {
    ...row,
    type: parsedRow(row['event'])['type'] ?? '',
    attempts: row['attempts'] ?? 0,
    stuck: Boolean(row['stuck']),
  };
}
