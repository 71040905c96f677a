import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openRows } from './open-rows.js';
import type { Cell, SourceForm } from './row-source.js';

/** What is in a file, as told in the README beside it. */
interface Expected {
  readonly form: SourceForm;
  readonly notes: readonly (readonly [kind: string, count: number])[];
  readonly sheets: Readonly<Record<string, readonly (readonly [row: number, ...cells: string[]])[]>>;
}

const folder = fileURLToPath(new URL('../../../../test-support/spreadsheets/foreign/', import.meta.url));
const ending = '.expected.json';
const names = readdirSync(folder);
const files = names.filter((name) => !name.endsWith(ending));

const shown = (cell: Cell): string =>
  cell.kind === 'empty' ? '' : `${cell.kind}${cell.kind === 'error' ? ` ${cell.value}` : ''}: ${cell.text}`;

describe('files that other programs made', () => {
  it('are at least ten, each with what is in it', () => {
    expect(files.length).toBeGreaterThanOrEqual(10);
    expect(names.filter((name) => name.endsWith(ending)).sort()).toEqual(files.map((file) => file + ending).sort());
    const readme = readFileSync(join(folder, '..', 'README.md'), 'utf8');
    for (const file of files) expect(readme).toContain(`\`${file}\``);
  });

  it.each(files)('%s is read with every row, cell and kind', async (file) => {
    const expected: Expected = JSON.parse(readFileSync(join(folder, file + ending), 'utf8'));
    const source = await openRows(join(folder, file));
    const notes = new Map<string, number>();
    const sheets: Record<string, unknown> = {};
    for (const sheet of source.sheets) {
      const rows: unknown[] = [];
      for await (const row of source.rows({ sheet })) rows.push([row.rowNumber, ...row.cells.map(shown)]);
      sheets[sheet] = rows;
      for (const { kind, count, sheet: of } of source.notes()) notes.set(`${of} ${kind}`, count);
    }
    await source.close();
    const found = [...notes].map(([key, count]) => [key.slice(key.lastIndexOf(' ') + 1), count]);
    expect({ form: source.form, notes: found, sheets }).toEqual(expected);
  });
});
