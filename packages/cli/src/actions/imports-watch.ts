import { setTimeout as sleep } from 'node:timers/promises';
import type { DetachedImport } from '@lms/core';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { printable } from '../output/index.js';
import type { Session } from '../session.js';
import { importProgressText } from '../views/import-progress.js';
import { saidSummary } from '../views/said-view.js';

const lookEveryMillis = 500;

/** Until the import has ended, or Ctrl-C, which leaves it to its worker. */
export async function watchImport({ me, output, signal }: Session, id: string): Promise<ExitCode> {
  let seen = await me.imports.detached(id);
  while (!hasEnded(seen) && !signal.aborted) {
    output.progress.show(stateText(seen));
    await sleep(lookEveryMillis, undefined, { signal }).catch(() => undefined);
    seen = await me.imports.detached(id);
  }
  output.progress.clear();
  const last = seen;
  output.answer(last, () => stateText(last));
  if (!hasEnded(last) || last.status === 'cancelled') return exitCodes.stopped;
  if (last.status === 'dead') return exitCodes.refused;
  return (last.result?.counts.rejected ?? 0) > 0 ? exitCodes.doneWithRejects : exitCodes.ok;
}

export async function cancelImport({ me, output }: Session, id: string): Promise<void> {
  const cancelled = await me.imports.cancel(id);
  output.answer(cancelled, () =>
    cancelled.status === 'cancelled'
      ? 'The import is cancelled.'
      : 'The import runs and is asked to stop; lms imports watch says when it did.',
  );
}

function hasEnded({ status }: DetachedImport): boolean {
  return status !== 'waiting' && status !== 'running';
}

function stateText({ status, progress, result, lastError, attempts, cancelRequested }: DetachedImport): string {
  if (result !== null) {
    const { counts, rejectFile } = result;
    const { rows, created, updated, duplicates, rejected } = counts;
    const refused = rejectFile === null ? '' : printable(`; refused rows are in ${rejectFile}`);
    return `${rows} rows: ${created} created, ${updated} updated, ${duplicates} duplicates, ${rejected} rejected${saidSummary(result)}${refused}`;
  }
  const failed = lastError === null ? '' : `, failed with ${lastError}`;
  if (status === 'waiting') return attempts === 0 ? 'waits for a worker' : `waits for its next try${failed}`;
  if (status !== 'running') return `${status}${failed}`;
  if (cancelRequested) return 'is asked to stop';
  return progress === null ? 'begins' : importProgressText(progress);
}
