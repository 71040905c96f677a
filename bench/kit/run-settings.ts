import process from 'node:process';
import { parseArgs } from 'node:util';

/** `--rows 5000` makes a measurement of imports smaller than the one that is asked for. */
export function rowsOr(usual: number): number {
  const { values } = parseArgs({ args: process.argv.slice(2), options: { rows: { type: 'string' } }, strict: false });
  if (typeof values.rows !== 'string') return usual;
  const rows = Number(values.rows);
  if (!Number.isInteger(rows) || rows < 100) throw new Error('--rows takes a whole number, at least 100');
  return rows;
}
