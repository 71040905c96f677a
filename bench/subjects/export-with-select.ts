import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { clearColumns, type ExportSettings } from '../data/export-columns.ts';
import { productLine } from '../data/personal-loan.ts';
import { beSubject } from '../kit/subject.ts';
import { type RowsTiming, startClocks } from '../kit/timing.ts';

/** The plain way: every stored document in order, parsed, its clear columns joined by commas. Nothing is checked or opened. */
await beSubject<ExportSettings, RowsTiming>(async ({ store, file }) => {
  const database = new DatabaseSync(store, { readOnly: true });
  const elapsed = startClocks();
  const output = openSync(file, 'wx', 0o600);
  const paths = clearColumns.map(([, path]) => path.split('.'));
  const documents = database.prepare('select document from leads where product_line = ? order by id');
  let rows = 0;
  let waiting = '';
  for (const { document } of documents.iterate(productLine)) {
    const lead: unknown = JSON.parse(String(document));
    waiting += `${paths.map((path) => cell(valueAt(lead, path))).join(',')}\r\n`;
    rows += 1;
    if (waiting.length < 2 ** 16) continue;
    writeSync(output, waiting);
    waiting = '';
  }
  writeSync(output, waiting);
  closeSync(output);
  const found = { rows, ...elapsed() };
  database.close();
  return found;
});

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inside, name) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, name) : undefined),
    value,
  );
}

function cell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
