import { lmsAt, type StorePlace } from '../data/store-place.ts';
import { beSubject } from '../kit/subject.ts';
import { type Elapsed, startClocks } from '../kit/timing.ts';

export interface RestoreSettings {
  /** An empty store; its key is that of the one that was backed up. */
  readonly place: StorePlace;
  readonly backup: string;
}

export interface RestoreFound {
  readonly rows: number;
  readonly elapsed: Elapsed;
}

await beSubject<RestoreSettings, RestoreFound>(async ({ place, backup }) => {
  await using lms = await lmsAt(place);
  const elapsed = startClocks();
  const { rows } = await lms.restore({ file: backup });
  const restored = elapsed();
  // Whoever cannot open it has nothing.
  await lms.ready();
  return { rows, elapsed: restored };
});
