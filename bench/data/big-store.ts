import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runApart } from '../kit/apart.ts';
import { benchFolder } from '../kit/workplace.ts';
import type { BigStoreMade, BigStoreSettings } from '../subjects/make-big-store.ts';

export interface BigStore {
  readonly file: string;
  readonly made: BigStoreMade;
  /** False when an earlier run made it, from the same code. */
  readonly fresh: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** An embedded store with so many leads, made once for each state of core, the example line and this folder. */
export function bigStore(leads: number): BigStore {
  const name = `big-${leads}-${fingerprint()}`;
  const folder = join(benchFolder, name);
  const record = join(folder, 'made.json');
  const file = join(folder, 'lms.db');
  if (existsSync(record)) {
    const made: BigStoreMade = JSON.parse(readFileSync(record, 'utf8'));
    return { file, made, fresh: false };
  }
  for (const old of globSync('big-*', { cwd: benchFolder })) rmSync(join(benchFolder, old), { recursive: true });
  const draft = join(benchFolder, `big-draft-${name}`);
  mkdirSync(draft, { recursive: true });
  const { found } = runApart<BigStoreSettings, BigStoreMade>('make-big-store', { file: join(draft, 'lms.db'), leads });
  writeFileSync(join(draft, 'made.json'), JSON.stringify(found));
  renameSync(draft, folder);
  return { file, made: found, fresh: true };
}

/** What the store's contents depend on. */
function fingerprint(): string {
  const files = globSync(
    [
      'packages/core/dist/**/*.js',
      'bench/data/*.ts',
      'bench/subjects/make-big-store.ts',
      'examples/product-lines/personal-loan.yaml',
    ],
    { cwd: root },
  );
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
}
