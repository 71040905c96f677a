import type { ActorRef, Instant, Json } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';

export type ImportStatus = 'running' | 'completed' | 'completed_with_rejects' | 'stopped' | 'failed';

export interface ImportCounts {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** One run of an import. Holds no row of the file. */
export interface ImportRun {
  readonly id: string;
  readonly productLine: string;
  readonly schemaVersion: number;
  /** Base name only. */
  readonly fileName: string;
  readonly fileSha256: string;
  readonly fileBytes: number;
  readonly mapping: Json;
  readonly status: ImportStatus;
  readonly counts: ImportCounts;
  /** How often each reason rejected a row: `{ "mobile: invalid-phone": 12 }`. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly actor: ActorRef;
  readonly error: string | null;
  readonly version: number;
}

/** Lives in the ledger. */
export interface ImportRunStore {
  insert(unit: Unit, run: ImportRun): Promise<void>;
  /** Compare-and-swap on version. */
  replace(unit: Unit, run: ImportRun, expectedVersion: number): Promise<boolean>;
  get(id: string): Promise<ImportRun | null>;
  /** Newest first, before id `after`. */
  list(query: {
    readonly productLine?: string;
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly ImportRun[]>;
  /** Runs of the same file and line, newest first, at most 10. */
  ofFile(productLine: string, fileSha256: string): Promise<readonly ImportRun[]>;
}
