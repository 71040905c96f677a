import type { Writable } from 'node:stream';

/** One line that is written over; silent where stderr is not a terminal. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

export function progressOn(
  stream: Writable,
  isTerminal: boolean,
  now: () => number = () => performance.now(),
): Progress {
  if (!isTerminal) return { show: () => undefined, clear: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      if (now() - shownAt < 100) return;
      shownAt = now();
      stream.write(`\r\u001B[2K${text}`);
    },
    clear() {
      stream.write('\r\u001B[2K');
    },
  };
}
