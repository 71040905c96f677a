import { setTimeout as wait } from 'node:timers/promises';

/** Waiting as a port: tests move time on instead. */
export interface Delays {
  /** @throws the reason of the signal, once it is aborted */
  wait(millis: number, signal: AbortSignal): Promise<void>;
}

export const systemDelays: Delays = {
  async wait(millis, signal) {
    signal.throwIfAborted();
    try {
      await wait(millis, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
