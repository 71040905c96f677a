import type { Writable } from 'node:stream';
import { type Progress, progressOn } from './progress.js';
import { type Style, styleFor } from './style.js';

/** Where a command writes: answers to stdout, messages to stderr. */
export interface Output {
  readonly json: boolean;
  readonly style: Style;
  /** Columns of the terminal; without end where the answer is not shown in one, so that nothing is cut in a file. */
  readonly width: number;
  readonly progress: Progress;
  /** The answer: `value` with `--json`, else the text. */
  answer(value: unknown, text: () => string): void;
  /** A message for the person at the keyboard; silent with `--quiet` and `--json`. */
  say(text: string): void;
  /** A message that matters to scripts too: silent with `--quiet` only. */
  warn(text: string): void;
}

export interface OutputTarget {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: NodeJS.ProcessEnv;
}

export function outputTo(target: OutputTarget, options: { readonly json: boolean; readonly quiet: boolean }): Output {
  const { stdout, stderr, environment } = target;
  const progress = progressOn(stderr, stderr.isTTY === true && !options.quiet && environment['TERM'] !== 'dumb');
  const tell = (text: string): void => {
    progress.clear();
    stderr.write(`${text}\n`);
  };
  return {
    json: options.json,
    style: styleFor(stdout.isTTY === true, environment),
    width: widthOf(target),
    progress,
    answer(value, text) {
      progress.clear();
      const answer = options.json ? JSON.stringify(value, null, 2) : text();
      if (answer !== '') stdout.write(`${answer}\n`);
    },
    say(text) {
      if (!options.quiet && !options.json) tell(text);
    },
    warn(text) {
      if (!options.quiet) tell(text);
    },
  };
}

function widthOf({ stdout, environment }: OutputTarget): number {
  const named = Number.parseInt(environment['COLUMNS'] ?? '', 10);
  if (named >= 20) return named;
  return stdout.isTTY === true ? Math.max(20, stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
}
