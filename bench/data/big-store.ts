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
  /** False when an earlier run made it. */
  readonly fresh: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const core = 'packages/core/dist/**/*.js';
/** What decides which leads a store holds, whatever code writes them. */
const leadsAndTheirOrder = [
  'bench/data/{new-leads,personal-loan,staff}.ts',
  'bench/subjects/make-big-store.ts',
  'examples/product-lines/personal-loan.yaml',
  'scripts/demo-data/dice.ts',
];

/** An embedded store with so many leads, made once for each state of core, the example line and what makes the leads. */
export function bigStore(leads: number): BigStore {
  return madeOnce('big', leads, [core, ...leadsAndTheirOrder]);
}

/**
 * The same, kept whatever becomes of core: a million leads take half an hour. Whoever opens it opens what an earlier build wrote, as a
 * user does after an upgrade, and brings it to the layout of today.
 */
export function keptStore(leads: number): BigStore {
  return madeOnce('kept', leads, leadsAndTheirOrder);
}

function madeOnce(kind: string, leads: number, sources: readonly string[]): BigStore {
  const name = `${kind}-${leads}-${fingerprint(sources)}`;
  const folder = join(benchFolder, name);
  const record = join(folder, 'made.json');
  const file = join(folder, 'lms.db');
  if (existsSync(record)) {
    const made: BigStoreMade = JSON.parse(readFileSync(record, 'utf8'));
    return { file, made, fresh: false };
  }
  for (const old of globSync([`${kind}-${leads}-*`, `draft-${kind}-${leads}-*`], { cwd: benchFolder })) {
    rmSync(join(benchFolder, old), { recursive: true });
  }
  const draft = join(benchFolder, `draft-${name}`);
  mkdirSync(draft, { recursive: true });
  const { found } = runApart<BigStoreSettings, BigStoreMade>('make-big-store', { file: join(draft, 'lms.db'), leads });
  writeFileSync(join(draft, 'made.json'), JSON.stringify(found));
  renameSync(draft, folder);
  return { file, made: found, fresh: true };
}

function fingerprint(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of globSync([...sources], { cwd: root }).sort())
    hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
}
