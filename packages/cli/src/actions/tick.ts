import type { Console } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { openLms } from '../open-lms.js';

/** Round after round until nothing is left to do; Ctrl-C stops between two. */
export async function keepHouse(console: Console): Promise<ExitCode> {
  const { output, signal } = console;
  const { lms } = await openLms(console);
  await using _closing = lms;
  await lms.ready();
  const done = { projected: 0, trimmed: 0 };
  let isIdle = false;
  while (!isIdle && !signal.aborted) {
    const { projected, trimmed } = await lms.tick();
    done.projected += projected;
    done.trimmed += trimmed;
    isIdle = projected === 0 && trimmed === 0;
    output.progress.show(`${done.projected} events told, ${done.trimmed} old keys forgotten`);
  }
  output.answer(done, () => `${done.projected} events told, ${done.trimmed} old keys forgotten`);
  return isIdle ? exitCodes.ok : exitCodes.stopped;
}
