import type { ListedLeads } from './by-hand.ts';
import { rowsRead } from './facts-queries.ts';

/** A row as a driver gives it. */
export type DriverRow = Readonly<Record<string, unknown>>;

/** What a page shows, of one row more than it shows. */
export function listedLeads(rows: readonly DriverRow[]): ListedLeads {
  const shown = rows.slice(0, rowsRead - 1);
  const last = shown.at(-1);
  const next =
    last === undefined || rows.length < rowsRead ? null : { value: positionOf(last), leadId: textOf(last, 'lead_id') };
  return { numbers: shown.map((row) => textOf(row, 'number')), next };
}

export function textOf(row: DriverRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new Error(`${column} is no text`);
}

export function columnText(row: DriverRow): string {
  return `${row['stage']} ${row['leads']} ${row['amount'] ?? 0}`;
}

export function cardText(row: DriverRow): string {
  return `${row['stage']} ${row['number']}`;
}

function positionOf(row: DriverRow): string | number {
  const { position } = row;
  if (typeof position === 'string' || typeof position === 'number') return position;
  throw new Error('a position is neither text nor a number');
}
