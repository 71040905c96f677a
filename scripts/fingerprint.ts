import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inWorkspace } from './workspace.ts';

/** A hash over the names and contents of files of the workspace. */
export function fingerprintOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(inWorkspace(file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

const stampFile = (name: string): string => inWorkspace('node_modules', '.cache', 'lms', `${name}.stamp`);

/** Whether the work of this name was last done for the same fingerprint. */
export function isUpToDate(name: string, fingerprint: string): boolean {
  const file = stampFile(name);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint;
}

/** Remembers that the work of this name is done for a fingerprint. */
export function markUpToDate(name: string, fingerprint: string): void {
  const file = stampFile(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fingerprint);
}
