import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beSubject } from '../kit/subject.ts';
import { type Elapsed, startClocks } from '../kit/timing.ts';

export interface VacuumSettings {
  readonly store: string;
  readonly copy: string;
}

export interface VacuumFound {
  readonly bytes: number;
  readonly copied: Elapsed;
}

/** What SQLite does by itself: the whole file, indexes too, as it is; nothing compressed, sealed or checked. */
await beSubject<VacuumSettings, VacuumFound>(async ({ store, copy }) => {
  using database = new DatabaseSync(store, { readOnly: true });
  const elapsed = startClocks();
  database.prepare('VACUUM INTO ?').run(copy);
  return { bytes: statSync(copy).size, copied: elapsed() };
});
