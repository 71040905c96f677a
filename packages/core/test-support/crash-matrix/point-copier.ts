import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CrashPoint } from './crash-point.js';
import type { CopiedPoint } from './messages.js';
import { outputOf } from './store-files.js';

/**
 * Copies what a kill would leave of this process's embedded store: its files as they are. What is not in them yet is in the memory of this
 * process alone, and would go with it.
 */
export class PointCopier {
  readonly #store: string;
  readonly #seen: Set<string> = new Set();
  readonly #copies: CopiedPoint[] = [];
  #looks = 0;
  #acknowledged = false;

  constructor(store: string) {
    this.#store = store;
  }

  get looks(): number {
    return this.#looks;
  }

  get copies(): readonly CopiedPoint[] {
    return this.#copies;
  }

  /** From here on the caller has been answered. */
  acknowledge(): void {
    this.#acknowledged = true;
  }

  /** Copies the files, unless they are those of a point before. */
  look(point: CrashPoint): void {
    this.#looks += 1;
    const files = this.#files();
    const digest = createHash('sha256').update(String(this.#acknowledged));
    for (const [path, content] of files) digest.update(`\n${path} ${content?.length}\n`).update(content ?? '');
    const trace = digest.digest('hex');
    if (this.#seen.has(trace)) return;
    this.#seen.add(trace);
    const file = `${this.#store}-${point.side}-${point.command}.db`;
    for (const [path, content] of files) {
      const copy = join(dirname(file), path.replace(basename(this.#store), basename(file)));
      if (content === null) mkdirSync(copy);
      else writeFileSync(copy, content);
    }
    this.#copies.push({ point, file, acknowledged: this.#acknowledged });
  }

  /** By their paths in the folder of the store; null is a folder. The logs come first: what another thread takes out of one meanwhile is in both. */
  #files(): ReadonlyMap<string, Buffer | null> {
    const folder = dirname(this.#store);
    const name = basename(this.#store);
    const output = basename(outputOf(this.#store));
    const files = new Map<string, Buffer | null>();
    for (const path of [`${name}-journal`, `${name}-wal`, name]) {
      const content = contentOf(join(folder, path));
      if (content !== null) files.set(path, content);
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.name.startsWith(output) && !entry.name.startsWith(`.${output}`)) continue;
      if (!entry.isDirectory()) {
        files.set(entry.name, readFileSync(join(folder, entry.name)));
        continue;
      }
      files.set(entry.name, null);
      for (const within of readdirSync(join(folder, entry.name))) {
        files.set(join(entry.name, within), readFileSync(join(folder, entry.name, within)));
      }
    }
    return files;
  }
}

function contentOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
