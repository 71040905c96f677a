import { createLms } from '#core';
import { sqlite } from '#core/storage/sqlite';
import { beSubject } from '../kit/subject.ts';
import { type Elapsed, startClocks } from '../kit/timing.ts';

export interface BackupSettings {
  readonly store: string;
  readonly backup: string;
  /** Where the backup is restored; its key is there already. */
  readonly copy: string;
}

export interface BackupFound {
  readonly rows: number;
  /** Of the rows, before compression. */
  readonly dataBytes: number;
  readonly bytes: number;
  readonly backup: Elapsed;
  readonly restore: Elapsed;
}

await beSubject<BackupSettings, BackupFound>(async ({ store, backup, copy }) => {
  const lms = await createLms({ storage: sqlite({ file: store }) });
  // What opening costs is no part of a backup.
  await lms.ready();
  const elapsed = startClocks();
  const { rows, dataBytes, bytes } = await lms.as({ kind: 'user', id: 'root' }).backups.create({ file: backup });
  const backedUp = elapsed();
  await lms.close();
  const target = await createLms({ storage: sqlite({ file: copy }) });
  const restoring = startClocks();
  await target.restore({ file: backup });
  const restored = restoring();
  await target.close();
  return { rows, dataBytes, bytes, backup: backedUp, restore: restored };
});
