import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { Session } from '../session.js';

export interface WorkOptions {
  readonly concurrency: number;
  readonly kind?: readonly string[];
  readonly stopAfter: number;
}

const lookEveryMillis = 500;

/** Until Ctrl-C or SIGTERM. */
export async function work({ lms, output, signal }: Session, options: WorkOptions): Promise<ExitCode> {
  const { concurrency, kind, stopAfter } = options;
  await lms.worker.start({ concurrency, ...(kind === undefined ? {} : { kinds: kind }) });
  output.say('Working; Ctrl-C ends.');
  while (!signal.aborted) {
    output.progress.show(reportText(lms.worker.report()));
    await sleep(lookEveryMillis, undefined, { signal }).catch(() => undefined);
  }
  await lms.worker.stop({ timeoutMillis: stopAfter * 1_000 });
  output.progress.clear();
  const report = lms.worker.report();
  output.answer(report, () => reportText(report));
  return exitCodes.ok;
}

function reportText({ running, done, failed, lastError }: ReturnType<Session['lms']['worker']['report']>): string {
  const trouble = lastError === null ? '' : `; the store refused with ${lastError}`;
  return `${running} running, ${done} done, ${failed} tries failed${trouble}`;
}
