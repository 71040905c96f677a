import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type Actor,
  type BusinessTime,
  type Clock,
  hasCode,
  type IdSource,
  instantNow,
  type RandomSource,
} from '../kernel/index.js';
import type { MasterKeys } from '../privacy/index.js';
import { NewFile, placeProblem } from '../tables/index.js';
import { pruneFolder } from './backup-folder.js';
import type { BackupHeader } from './backup-header.js';
import { nameInFolder } from './backup-name.js';
import { existing, notWritten, notWrittenBecause, refuseStopped } from './backup-problems.js';
import { type BackupOptions, type BackupRequest, type BackupResult, checkBackupRequest } from './backup-request.js';
import { type BackupTrailPorts, tellOfBackup } from './backup-trail.js';
import { BackupWriter, type WrittenBackup } from './backup-writer.js';
import { listOf } from './destroyed-list-format.js';
import { DestroyedListWriter } from './destroyed-list-writer.js';
import { KeyRows } from './key-rows.js';
import { removeLeftovers } from './leftovers.js';
import type { SnapshotStore } from './snapshot-store.js';
import { verifyBackup } from './verify-backup.js';

/** Who may make backups is decided by access, which stands above this folder. */
export interface BackupGate {
  /** @throws LmsError `ACTOR_UNKNOWN`, `PERMISSION_DENIED` */
  require(actor: Actor, permission: 'store.backup'): Promise<unknown>;
}

export interface BackupPorts extends BackupTrailPorts {
  readonly access: BackupGate;
  readonly snapshots: SnapshotStore;
  readonly shape: string;
  readonly masterKeys: MasterKeys;
  /** The same for a store and every store that was restored from it. */
  readonly lineage: string;
  readonly time: BusinessTime;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
}

const saltLength = 32;

/** Makes backups of the store while others go on working in it. */
export class BackupService {
  readonly #ports: BackupPorts;

  constructor(ports: BackupPorts) {
    this.#ports = ports;
  }

  /**
   * Writes everything that the store holds at this moment into a file for its owner only, sealed under the master key: the file
   * is there when it is whole and on the disk, and not before. Beside it comes the list of the data keys that are destroyed. Where earlier
   * backups go, in a folder or by `replace`, the new one is read back before it has its name; what the file system does not let be removed
   * is told. What killed backups left unfinished a day ago is removed. The trail has `store.backup_started` and `store.backed_up`.
   * Any number may run at once, each with a name of its own: two that replace one file may leave a backup that is newer than its list, which a
   * restore refuses. On servers those of one process copy one after the other.
   * @throws LmsError `PERMISSION_DENIED`, `INPUT_INVALID`, `BACKUP_FILE_EXISTS`, `BACKUP_NOT_WRITTEN`, `COMMAND_ABORTED`,
   * `STORE_MISCONFIGURED` for a store in memory, and for a server that kept its old state for less long than this took
   */
  async create(actor: Actor, request: BackupRequest, options: BackupOptions = {}): Promise<BackupResult> {
    const { access, clock, ids, random, masterKeys, lineage, snapshots, shape, time } = this.#ports;
    await access.require(actor, 'store.backup');
    const checked = checkBackupRequest(request);
    const startedAt = clock.now();
    const header: BackupHeader = {
      id: ids.next(),
      createdAt: instantNow(clock),
      shape,
      lineage,
      schemaVersion: snapshots.schemaVersion,
      tables: snapshots.tables,
      keyId: masterKeys.first.id,
      salt: Buffer.from(random.bytes(saltLength)).toString('base64'),
    };
    const file = 'file' in checked ? checked.file : nameInFolder(checked.folder, header.createdAt, header.id);
    const replace = 'file' in checked && checked.replace === true;
    await requirePlace(file, replace);
    refuseStopped(options.signal, stoppedText);
    const target = { file, replace, isOurs: replace || 'folder' in checked, header };
    const { written, destroyedKeys, leftovers } = await this.#write(actor, target, options);
    const pruning = { made: { file, createdAt: Date.parse(header.createdAt) }, lineage, time };
    const kept =
      'folder' in checked && checked.keep !== undefined
        ? await pruneFolder(checked.folder, { ...pruning, keep: checked.keep })
        : { pruned: [], notRemoved: [], unreadable: [], newer: [] };
    return {
      backupId: header.id,
      file,
      createdAt: header.createdAt,
      tables: written.contents.tables,
      rows: rowsOf(written),
      dataBytes: written.dataBytes,
      bytes: written.bytes,
      sha256: written.sha256,
      destroyedKeysFile: listOf(file),
      destroyedKeys,
      ...kept,
      leftovers,
      elapsedMillis: clock.now() - startedAt,
    };
  }

  async #write(actor: Actor, target: Target, options: BackupOptions): Promise<WrittenFiles> {
    const { file, header } = target;
    const about = { actor, backupId: header.id };
    const name = basename(file);
    await tellOfBackup(this.#ports, { ...about, type: 'store.backup_started', data: { file: name } });
    let done: WrittenFiles;
    try {
      done = await this.#writeFiles(target, options);
    } catch (error) {
      const status = options.signal?.aborted === true ? 'stopped' : 'failed';
      // The first error is the one to tell; a store that is gone cannot take the record either.
      await tellOfBackup(this.#ports, { ...about, type: 'store.backed_up', data: { file: name, status } }).catch(
        () => undefined,
      );
      if (status === 'stopped') refuseStopped(options.signal, stoppedText);
      throw error;
    }
    // Told of a file that is there: when this fails the file stays, and the trail has only that it was begun.
    const { bytes, sha256 } = done.written;
    const madeAt = header.createdAt;
    const data = { file: name, status: 'completed', madeAt, rows: rowsOf(done.written), bytes, sha256 };
    await tellOfBackup(this.#ports, { ...about, type: 'store.backed_up', data });
    return done;
  }

  /**
   * Under a name that is this call's to give the list comes first: one that is newer than its backup harms nobody, so that a crash in
   * between leaves the earlier backup with a list. Else the backup comes first, so that of two who write one file only the one that got it
   * leaves its list there; a crash then leaves a backup that a restore refuses for want of a list.
   */
  async #writeFiles({ file, replace, isOurs, header }: Target, options: BackupOptions): Promise<WrittenFiles> {
    const { masterKeys, lineage } = this.#ports;
    const masterKey = masterKeys.first;
    const failure = (cause: unknown): unknown => notWritten(file, cause);
    const backup = await NewFile.create({ file, name: header.id, failure });
    try {
      const leftovers = await removeLeftovers(file, backup.partial);
      const about = { name: header.id, lineage, writtenAt: header.createdAt, masterKey };
      const list = await DestroyedListWriter.begin(listOf(file), about);
      try {
        const writer = await BackupWriter.begin(backup, header, masterKey);
        const destroyedKeys = await this.#copyRows(writer, list, options);
        const written = await writer.finish();
        await backup.close();
        refuseStopped(options.signal, stoppedText);
        await list.close();
        if (isOurs) {
          await this.#readBack(file, backup.partial, options);
          await list.publish();
        }
        if (!(await backup.publish({ replace }))) throw existing(file);
        if (!isOurs) await list.publish();
        return { written, destroyedKeys, leftovers };
      } finally {
        await list.discard();
      }
    } finally {
      await backup.discard();
    }
  }

  /** What cannot be read gets no name, so that nobody takes it for a backup. */
  async #readBack(file: string, partial: string, options: BackupOptions): Promise<void> {
    try {
      await verifyBackup(partial, this.#ports.masterKeys, options);
    } catch (error) {
      // A bit that another number of the format is made of.
      const isOther = hasCode(error, 'BACKUP_INVALID') || hasCode(error, 'BACKUP_TOO_NEW');
      if (!isOther) throw error;
      const reason = 'read back, it was not what had been written; check the disk and the memory of this machine';
      throw notWrittenBecause(file, reason, error);
    }
  }

  async #copyRows(writer: BackupWriter, list: DestroyedListWriter, options: BackupOptions): Promise<number> {
    const { snapshots } = this.#ports;
    const keyRows = new KeyRows(snapshots.tables);
    const snapshot = await snapshots.snapshot(options.signal);
    const count = { rows: 0, destroyed: 0 };
    try {
      for await (const batch of snapshot.batches()) {
        refuseStopped(options.signal, stoppedText);
        const destroyed = keyRows.destroyedIn(batch);
        await list.add(destroyed);
        await writer.add(batch);
        count.destroyed += destroyed.length;
        count.rows += batch.rows.length;
        options.onProgress?.({ rows: count.rows, dataBytes: writer.dataBytes });
      }
    } finally {
      await snapshot.close();
    }
    return count.destroyed;
  }
}

interface Target {
  readonly file: string;
  readonly replace: boolean;
  /** Whether the name is this call's to give: one of its own in a folder, or one that it may take from an earlier backup. */
  readonly isOurs: boolean;
  readonly header: BackupHeader;
}

interface WrittenFiles {
  readonly written: WrittenBackup;
  readonly destroyedKeys: number;
  readonly leftovers: readonly string[];
}

const stoppedText = 'the backup was stopped; no file was made';

async function requirePlace(file: string, replace: boolean): Promise<void> {
  const problem = await placeProblem(file);
  if (problem !== null) throw notWrittenBecause(file, problem);
  if (!replace && (await stat(file).catch(() => null)) !== null) throw existing(file);
}

function rowsOf({ contents }: WrittenBackup): number {
  return Object.values(contents.tables).reduce((sum, rows) => sum + rows, 0);
}
