import type { Writable } from 'node:stream';
import { printable } from './printable.js';
import { shorten } from './text-width.js';

/** How far a long command is. */
export interface Progress {
  show(text: string): void;
  /** Takes away what would be in the way of other output. */
  clear(): void;
}

/** `line` is written over in a terminal; `log` is a line every few seconds, for files and pipes; `none` is silent. */
export type ProgressForm = 'line' | 'log' | 'none';

const lineEveryMillis = 100;
const logEveryMillis = 5_000;

export function progressOn(
  stream: Writable & { readonly columns?: number },
  form: ProgressForm,
  now: () => number = () => performance.now(),
): Progress {
  if (form === 'none') return { show: () => undefined, clear: () => undefined };
  if (form === 'log') return loggedOn(stream, now);
  let shownAt: number | null = null;
  return {
    show(text) {
      if (shownAt !== null && now() - shownAt < lineEveryMillis) return;
      shownAt = now();
      // A line that reached the edge would go on in the next one, and could not be written over.
      stream.write(`\r\u001B[2K${shorten(printable(text), (stream.columns ?? 80) - 1)}`);
    },
    clear() {
      if (shownAt !== null) stream.write('\r\u001B[2K');
      shownAt = null;
    },
  };
}

function loggedOn(stream: Writable, now: () => number): Progress {
  // What is done within the first seconds needs no line at all.
  let saidAt = now();
  return {
    show(text) {
      if (now() - saidAt < logEveryMillis) return;
      saidAt = now();
      stream.write(`${printable(text)}\n`);
    },
    clear: () => undefined,
  };
}
