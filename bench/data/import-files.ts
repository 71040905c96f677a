import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runApart } from '../kit/apart.ts';
import { printNumber } from '../kit/table.ts';
import { benchFolder } from '../kit/workplace.ts';
import type { ImportFileSettings } from '../subjects/make-import-file.ts';
import type { TableName } from './import-rows.ts';

export interface ImportFile {
  readonly path: string;
  readonly megabytes: number;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A file with so many rows below its header, made once for each state of what makes it. */
export function importFile(table: TableName, format: 'csv' | 'xlsx', rows: number): ImportFile {
  mkdirSync(benchFolder, { recursive: true });
  const name = `rows-${table}-${rows}`;
  const path = join(benchFolder, `${name}-${fingerprint()}.${format}`);
  if (!existsSync(path)) {
    for (const old of globSync(`${name}-*.${format}*`, { cwd: benchFolder })) rmSync(join(benchFolder, old));
    console.log(`writing ${printNumber(rows)} rows as ${format} ...`);
    const draft = `${path}.draft`;
    runApart<ImportFileSettings, null>('make-import-file', { table, format, rows, file: draft });
    renameSync(draft, path);
  }
  return { path, megabytes: statSync(path).size / 2 ** 20 };
}

function fingerprint(): string {
  const files = globSync(['bench/data/{csv-file,import-rows,xlsx-file,zip-file}.ts', 'scripts/demo-data/dice.ts'], {
    cwd: root,
  });
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
}
