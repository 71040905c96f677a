import type { Clock } from '../../foundation/kernel/index.js';
import type { ImportRun, StoredImportRun } from './import-run-store.js';

/** A run says every second or so that it goes on; one that has been silent for so long does not. */
const silentMillis = 60_000;

/** A run as people see it: one whose process was killed is interrupted, though nobody wrote that down. */
export function shownRun(run: StoredImportRun, clock: Clock): ImportRun {
  const isSilent = run.status === 'running' && clock.now() - Date.parse(run.aliveAt) > silentMillis;
  return isSilent ? { ...run, status: 'interrupted' } : run;
}
