import type { Finding } from '../kernel/index.js';

/** @param group what is to be forgotten; null for everything, as news may have been missed */
export type ForgetListener = (group: string | null) => void;

/**
 * Tells other processes what they must no longer remember. News may be lost, so nothing is remembered longer than its lifetime; no method
 * fails a command or keeps one waiting.
 */
export interface Invalidations {
  /** Loads what it needs; connects to nothing. @throws LmsError `DRIVER_MISSING` */
  open(): Promise<void>;
  /** What is remembered of this group has changed, and that is committed. */
  publish(group: string): void;
  /** Hears what other processes publish, from now on and until it is closed. */
  listen(listener: ForgetListener): void;
  /** Whether it is there; null where nothing can be away. */
  check(): Promise<Finding | null>;
  /** Sends what waits to be sent, for a second at most, and lets go of what it holds. */
  close(): Promise<void>;
}

/** For a store of one process, or where others may be late by a lifetime. */
export const noInvalidations: Invalidations = {
  async open() {},
  publish() {},
  listen() {},
  check: async () => null,
  async close() {},
};
