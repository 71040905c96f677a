import { type Instant, LmsError } from '../kernel/index.js';
import type { MasterKeyHandle, MasterKeys } from '../privacy/index.js';
import { type BackupHeader, invalidBackup } from './backup-header.js';
import { refuseStopped } from './backup-problems.js';
import { BackupReader } from './backup-reader.js';
import type { BackupOptions } from './backup-request.js';

/** What a backup says of itself without a key. */
export interface BackupInfo {
  readonly backupId: string;
  readonly createdAt: Instant;
  /** The shape of the store that it was made of. */
  readonly shape: string;
  readonly schemaVersion: number;
  /** The master key that it was made under. */
  readonly keyId: string;
  readonly lineage: string;
  readonly bytes: number;
  /** null when the file is not as it was written. */
  readonly sha256: string | null;
}

export interface VerifiedBackup extends BackupInfo {
  readonly sha256: string;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
}

/**
 * Reads the beginning of a backup and checks its sum; needs no key and no store.
 * @throws LmsError `BACKUP_INVALID` for what is no backup, `BACKUP_TOO_NEW`
 */
export async function readBackupInfo(
  file: string,
  { signal }: Pick<BackupOptions, 'signal'> = {},
): Promise<BackupInfo> {
  const reader = await BackupReader.open(file);
  try {
    return infoOf(reader.header, reader.bytes, await reader.checksum(signal));
  } finally {
    await reader.close();
  }
}

/**
 * Reads a backup from end to end, as a restore would, without one: checksum, seals, counts.
 * @throws LmsError `BACKUP_INVALID` with `details.chunk`, `KEY_INVALID`, `BACKUP_TOO_NEW`, `COMMAND_ABORTED`
 */
export async function verifyBackup(
  file: string,
  masterKeys: MasterKeys,
  options: BackupOptions = {},
): Promise<VerifiedBackup> {
  const reader = await BackupReader.open(file);
  try {
    const { sha256, masterKey } = await requireUnchanged(reader, masterKeys, options.signal);
    const batches = reader.batches(masterKey);
    let rows = 0;
    for (;;) {
      refuseStopped(options.signal, 'the check was stopped');
      const next = await batches.next();
      if (next.done === true) {
        return { ...infoOf(reader.header, reader.bytes, sha256), sha256, tables: next.value.tables, rows };
      }
      rows += next.value.rows.length;
      options.onProgress?.({ rows, dataBytes: 0 });
    }
  } finally {
    await reader.close();
  }
}

/** A backup that is as it was written. */
export interface UnchangedBackup {
  readonly sha256: string;
  /** The one of those given that it was made under. */
  readonly masterKey: MasterKeyHandle;
}

/**
 * The checksum of a backup that is as it was written, and the key that it was made under. Of one that is not, the first chunk that differs
 * is named.
 * @throws LmsError `BACKUP_INVALID`, `KEY_INVALID` when it was made under a key that was not given
 */
export async function requireUnchanged(
  reader: BackupReader,
  masterKeys: MasterKeys,
  signal: AbortSignal | undefined,
): Promise<UnchangedBackup> {
  const { keyId } = reader.header;
  const masterKey = masterKeys.find(keyId);
  const sha256 = await reader.checksum(signal);
  if (sha256 === null) {
    const batches = reader.batches(masterKey ?? masterKeys.first);
    while ((await batches.next()).done !== true) refuseStopped(signal, 'the check was stopped');
    throw invalidBackup(reader.file, 'its checksum is wrong; use another backup');
  }
  if (masterKey !== null) return { sha256, masterKey };
  const given = masterKeys.ids.join(', ');
  const found = masterKeys.ids.length === 1 ? `this is ${given}` : `these are ${given}`;
  throw new LmsError('KEY_INVALID', {
    message: `${reader.file} was made under the master key ${keyId}, and ${found}: give the key that its store had then as well`,
    path: reader.file,
    details: { expected: keyId, found: given },
  });
}

function infoOf<Sum extends string | null>(
  header: BackupHeader,
  bytes: number,
  sha256: Sum,
): BackupInfo & { readonly sha256: Sum } {
  const { id, createdAt, shape, schemaVersion, keyId, lineage } = header;
  return { backupId: id, createdAt, shape, schemaVersion, keyId, lineage, bytes, sha256 };
}
