import { exitCodes } from './exit-codes.js';

export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Ctrl-C and SIGTERM ask the running command to stop at its next safe place; a second one ends the process at once (which
 * loses nothing that was committed).
 */
export function listenForStop(tell: (text: string) => void): StopSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.stopped);
    tell('Stopping; press Ctrl-C again to end at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
