import { z } from 'zod';
import { checkInput, type Instant } from '../kernel/index.js';
import type { KeepBackups } from './retention.js';

export type BackupRequest =
  | {
      readonly file: string;
      /** Whether a file of this name is replaced; else it is refused. */
      readonly replace?: boolean;
    }
  | {
      /** A folder that is there; the backup gets a name of its own in it. */
      readonly folder: string;
      /** Which earlier backups of this store to keep there; all when absent. */
      readonly keep?: KeepBackups;
    };

export interface BackupProgress {
  readonly rows: number;
  /** Of the rows, before compression. */
  readonly dataBytes: number;
}

export interface BackupOptions {
  /** Stops between two batches, and leaves nothing behind. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface BackupResult {
  readonly backupId: string;
  readonly file: string;
  readonly createdAt: Instant;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Of the rows, before compression. */
  readonly dataBytes: number;
  /** Of the file. */
  readonly bytes: number;
  /** As the file ends with it; 64 hexadecimal digits. */
  readonly sha256: string;
  /** Beside the backup: which data keys are destroyed. */
  readonly destroyedKeysFile: string;
  readonly destroyedKeys: number;
  /** Earlier backups that were removed. */
  readonly pruned: readonly string[];
  /** Earlier backups and lists that were to go and that the file system did not let go of. */
  readonly notRemoved: readonly string[];
  /** Files in the folder that are called as backups are and cannot be read; the folder itself where nobody may look into it. */
  readonly unreadable: readonly string[];
  /** Backups in the folder that a newer release made: they were left, and count for nothing. */
  readonly newer: readonly string[];
  /** Unfinished files of backups that were killed a day ago or earlier, which were removed. */
  readonly leftovers: readonly string[];
  readonly elapsedMillis: number;
}

const path = z.string().min(1).max(4_000);
const count = z.int().min(0).max(10_000).exactOptional();
const requestShape: z.ZodType<BackupRequest> = z.union([
  z.strictObject({ file: path, replace: z.boolean().exactOptional() }),
  z.strictObject({
    folder: path,
    keep: z.strictObject({ daily: count, weekly: count, monthly: count }).exactOptional(),
  }),
]);

/** @throws LmsError `INPUT_INVALID` */
export function checkBackupRequest(request: BackupRequest): BackupRequest {
  return checkInput(requestShape, request, 'the backup cannot be made');
}
