import { setTimeout } from 'node:timers/promises';
import { type ErrorCode, LmsError } from '../../foundation/kernel/index.js';

/** MongoDB keeps what a killed process had locked for a minute; servers that are started anew take less. */
const mostMillisWaited = 90_000;
const pauseMillis = 1_000;

const passingCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STORE_CONFLICT',
  'STORE_LOCKED',
  'STORE_UNAVAILABLE',
]);

/** What may be over in a moment. */
export function isPassing(error: unknown): boolean {
  return LmsError.isInstance(error) && passingCodes.has(error.code);
}

/**
 * Does what may be done again without harm, and again while the store is away, for 90 seconds from its first failure.
 * @throws LmsError `COMMAND_ABORTED` when it is stopped while it waits
 */
export async function patiently<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  let until: number | null = null;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      until ??= performance.now() + mostMillisWaited;
      if (!isPassing(error) || performance.now() >= until) throw error;
      await unlessStopped(setTimeout(pauseMillis), signal);
    }
  }
}

export function stoppedError(): LmsError {
  return new LmsError('COMMAND_ABORTED', { message: 'the import was stopped' });
}

/** @throws LmsError `COMMAND_ABORTED` as soon as the signal is aborted; what was waited for goes on unheard */
export async function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  let onAbort: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    onAbort = () => reject(stoppedError());
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  // Whoever stops does not hear how it would have ended.
  work.catch(() => undefined);
  try {
    return await Promise.race([stopped, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
