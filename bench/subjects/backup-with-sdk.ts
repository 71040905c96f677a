import { statSync } from 'node:fs';
import { lmsAt, type StorePlace } from '../data/store-place.ts';
import { beSubject } from '../kit/subject.ts';
import { type Elapsed, startClocks } from '../kit/timing.ts';

export interface BackupSettings {
  readonly place: StorePlace;
  /** The file to make. */
  readonly backup: string;
}

export interface BackupFound {
  readonly rows: number;
  /** Of the rows, before compression. */
  readonly dataBytes: number;
  readonly bytes: number;
  readonly elapsed: Elapsed;
}

await beSubject<BackupSettings, BackupFound>(async ({ place, backup }) => {
  await using lms = await lmsAt(place);
  // What opening costs is no part of a backup.
  await lms.ready();
  const elapsed = startClocks();
  const { rows, dataBytes } = await lms.as({ kind: 'user', id: 'root' }).backups.create({ file: backup });
  return { rows, dataBytes, bytes: statSync(backup).size, elapsed: elapsed() };
});
