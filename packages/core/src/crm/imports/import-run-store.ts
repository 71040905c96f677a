import type { ActorRef, Instant, Json } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';

export type StoredImportStatus = 'running' | 'completed' | 'completed_with_rejects' | 'stopped' | 'failed';

/** `interrupted`: it runs no longer, and nobody could say so: its process was killed, or its machine. */
export type ImportStatus = StoredImportStatus | 'interrupted';

export interface ImportCounts {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** One run of an import. Holds no row of the file. */
export interface ImportRun extends Omit<StoredImportRun, 'status'> {
  readonly status: ImportStatus;
}

/** A run as it is kept. */
export interface StoredImportRun {
  readonly id: string;
  readonly productLine: string;
  readonly schemaVersion: number;
  /** Base name only. */
  readonly fileName: string;
  readonly fileSha256: string;
  readonly fileBytes: number;
  readonly mapping: Json;
  readonly status: StoredImportStatus;
  readonly counts: ImportCounts;
  /** How often each reason rejected a row: `{ "mobile: invalid-phone": 12 }`. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly startedAt: Instant;
  /** When it last said that it goes on; about once a second. */
  readonly aliveAt: Instant;
  readonly finishedAt: Instant | null;
  readonly actor: ActorRef;
  readonly error: string | null;
  readonly version: number;
}

/** Lives in the ledger. */
export interface ImportRunStore {
  insert(unit: Unit, run: StoredImportRun): Promise<void>;
  /** Compare-and-swap on version. */
  replace(unit: Unit, run: StoredImportRun, expectedVersion: number): Promise<boolean>;
  get(id: string): Promise<StoredImportRun | null>;
  /** Newest first, before id `after`; of some actors alone where `actors` is there (none of an empty list). */
  list(query: {
    readonly productLine?: string;
    readonly actors?: readonly ActorRef[];
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly StoredImportRun[]>;
  /** Runs of the same file and line, newest first, at most 10; of some actors alone where `actors` is there. */
  ofFile(query: {
    readonly productLine: string;
    readonly fileSha256: string;
    readonly actors?: readonly ActorRef[];
  }): Promise<readonly StoredImportRun[]>;
}
