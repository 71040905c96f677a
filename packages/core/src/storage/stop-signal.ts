import { LmsError } from '../foundation/kernel/index.js';

/** @throws LmsError `COMMAND_ABORTED` when the caller has stopped the command */
export function requireNotStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new LmsError('COMMAND_ABORTED', {
    message: 'the command was stopped; nothing was changed',
    cause: signal.reason,
  });
}
