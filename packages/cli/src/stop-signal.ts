import { exitCodes } from './exit-codes.js';

export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C, SIGTERM and a closed terminal ask the running command to stop at its next safe place; a second one ends the process at
 * once (which loses nothing that was committed).
 */
export function listenForStop(tell: (text: string) => void): StopSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.stopped);
    tell('Stopping; press Ctrl-C again to end at once.');
    controller.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
