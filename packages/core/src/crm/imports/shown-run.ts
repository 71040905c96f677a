import type { Clock } from '../../foundation/kernel/index.js';
import type { ImportRun, StoredImportRun } from './import-run-store.js';

/** A run says every second or so that it goes on, but for the 90 seconds that it may wait for its store. */
const silentMillis = 180_000;

/** A run as people see it: one whose process was killed is interrupted, though nobody wrote that down. */
export function shownRun(run: StoredImportRun, clock: Clock): ImportRun {
  const isSilent = run.status === 'running' && clock.now() - Date.parse(run.aliveAt) > silentMillis;
  return isSilent ? { ...run, status: 'interrupted' } : run;
}
