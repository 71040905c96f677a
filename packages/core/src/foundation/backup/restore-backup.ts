import { auditRowOf } from '../audit/index.js';
import { type DomainEvent, type Instant, LmsError } from '../kernel/index.js';
import type { MasterKeyHandle, MasterKeys } from '../privacy/index.js';
import { type BackupHeader, invalidBackup } from './backup-header.js';
import { refuseStopped } from './backup-problems.js';
import { BackupReader } from './backup-reader.js';
import type { DestroyedKey, DestroyedKeys } from './destroyed-keys.js';
import { heededLists } from './heeded-lists.js';
import { KeyRows } from './key-rows.js';
import type { RestoreRequest } from './restore-request.js';
import type { SnapshotStore, StoreLoading } from './snapshot-store.js';
import { requireUnchanged } from './verify-backup.js';

export interface RestoreProgress {
  readonly rows: number;
}

export interface RestoreOptions {
  /** Stops between two batches; the store then stays closed until a restore is begun again. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RestoreProgress) => void;
}

export interface RestoredBackup {
  readonly backupId: string;
  readonly createdAt: Instant;
  /** The shape of the store that the backup was made of. */
  readonly shape: string;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Data keys that were destroyed after the backup was made, and are so again. */
  readonly destroyedKeys: number;
  /** Lists that were heeded. */
  readonly destroyedKeyLists: readonly string[];
  /** Files called as lists are that were passed over: damaged, not to be read, or of another kind. */
  readonly unreadableLists: readonly string[];
  /** When the newest list that was heeded was written: what was erased later is on none, and is back. null without a list. */
  readonly destroyedKeysUntil: Instant | null;
}

export interface RestorePorts {
  readonly snapshots: SnapshotStore;
  /** The backup and each list may be sealed under any of them. */
  readonly masterKeys: MasterKeys;
  /** Makes the event that the trail of the filled store begins to go on with. */
  readonly told: (restored: RestoredBackup) => DomainEvent;
  /** Told of each key of the backup that was destroyed since. */
  readonly destroyed: (key: Pick<DestroyedKey, 'kind' | 'id'>) => void;
}

/**
 * Fills an empty store of any shape from a backup. The file is read through before the store is touched, and its chunks are opened one by
 * one as they are loaded; data keys that were destroyed since are never written. The last row is the trail's, so nobody can open a
 * restored store that does not tell of it.
 * @throws LmsError `BACKUP_INVALID`, `BACKUP_TOO_NEW`, `BACKUP_OUTDATED`, `BACKUP_KEYS_UNLISTED`, `BACKUP_KEYS_DAMAGED`, `KEY_INVALID`,
 * `STORE_NOT_EMPTY`, `COMMAND_ABORTED`, and what the store throws; once loading has begun the store stays closed after any of them
 */
export async function restoreBackup(
  { snapshots, masterKeys, told, destroyed }: RestorePorts,
  request: RestoreRequest,
  options: RestoreOptions = {},
): Promise<RestoredBackup> {
  const reader = await BackupReader.open(request.file);
  try {
    const { header } = reader;
    const { masterKey } = await requireUnchanged(reader, masterKeys, options.signal);
    requireSameLayout(request.file, header, snapshots);
    const { keys, lists, unreadable, until } = await heededLists(request, { ...header, masterKeys });
    refuseStopped(options.signal, 'the restore was stopped before it began; nothing was changed');
    const loading = await snapshots.load();
    try {
      const keyRows = new KeyRows(header.tables);
      const copied = await copy({ reader, loading, keys, masterKey, keyRows, destroyed }, options);
      const { id, createdAt, shape } = header;
      const lastly = { destroyedKeyLists: lists, unreadableLists: unreadable, destroyedKeysUntil: until };
      const restored: RestoredBackup = { backupId: id, createdAt, shape, ...copied, ...lastly };
      const counts = new Map(Object.entries(copied.tables));
      for (const batch of [...keyRows.unmet(keys, header.keyId), snapshots.trailRow(auditRowOf(told(restored)))]) {
        await loading.load(batch);
        counts.set(batch.table, (counts.get(batch.table) ?? 0) + batch.rows.length);
      }
      await loading.finish(counts);
      return restored;
    } finally {
      await loading.close();
    }
  } finally {
    await reader.close();
  }
}

interface Copying {
  readonly reader: BackupReader;
  readonly loading: StoreLoading;
  readonly keys: DestroyedKeys;
  readonly keyRows: KeyRows;
  readonly masterKey: MasterKeyHandle;
  readonly destroyed: RestorePorts['destroyed'];
}

async function copy(
  { reader, loading, keys, keyRows, masterKey, destroyed: tell }: Copying,
  { signal, onProgress }: RestoreOptions,
): Promise<Pick<RestoredBackup, 'tables' | 'rows' | 'destroyedKeys'>> {
  const batches = reader.batches(masterKey);
  let rows = 0;
  let destroyedKeys = 0;
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return { tables: next.value.tables, rows, destroyedKeys };
    const { batch, destroyed } = keyRows.withDestroyed(next.value, keys);
    for (const key of destroyed) tell(key);
    await loading.load(batch);
    rows += batch.rows.length;
    destroyedKeys += destroyed.length;
    onProgress?.({ rows });
    refuseStopped(
      signal,
      `the restore was stopped after ${rows} rows; the store stays closed until it is restored again`,
    );
  }
}

function requireSameLayout(file: string, header: BackupHeader, { schemaVersion, tables }: SnapshotStore): void {
  const details = { found: header.schemaVersion, known: schemaVersion };
  if (header.schemaVersion > schemaVersion) {
    throw new LmsError('BACKUP_TOO_NEW', {
      message: `${file} was made by a newer release (layout ${header.schemaVersion}; this one knows ${schemaVersion}); upgrade LMS`,
      path: file,
      details,
    });
  }
  if (header.schemaVersion < schemaVersion) {
    throw new LmsError('BACKUP_OUTDATED', {
      message: `${file} was made by an older release (layout ${header.schemaVersion}; this one restores ${schemaVersion}): restore it with that release, then open the store with this one, which migrates it`,
      path: file,
      details,
    });
  }
  if (JSON.stringify(header.tables) !== JSON.stringify(tables)) {
    throw invalidBackup(file, `its tables are not those of layout ${schemaVersion}`);
  }
}
