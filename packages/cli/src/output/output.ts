import type { Writable } from 'node:stream';
import { printableLines } from './printable.js';
import { type Progress, type ProgressForm, progressOn } from './progress.js';
import { type Style, styleFor } from './style.js';

/** Where a command writes: answers to stdout, messages to stderr. */
export interface Output {
  readonly json: boolean;
  readonly style: Style;
  /** Columns of the terminal; without end where the answer is not shown in one, so that nothing is cut in a file. */
  readonly width: number;
  /** Columns for what is drawn, such as a board: those of the terminal, or of COLUMNS, or of a sheet of paper. */
  readonly pageWidth: number;
  readonly progress: Progress;
  /** The answer: `value` with `--json`, else the text. */
  answer(value: unknown, text: () => string): void;
  /** One of many answers that come one after the other, a line each: `value` on one line with `--json`, else the text. */
  item(value: unknown, text: () => string): void;
  /**
   * A message for the person at the keyboard, without styles; silent with `--quiet` and `--json`. What would drive the terminal
   * is shown as marks.
   */
  say(text: string): void;
  /** A message that matters to scripts too: silent with `--quiet` only. It may be styled; what it names was made printable. */
  warn(text: string): void;
}

export interface OutputTarget {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly environment: NodeJS.ProcessEnv;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** What `--color` or `--no-color` says. */
  readonly color?: boolean | undefined;
}

const narrowestTerminal = 20;
const paperWidth = 120;

export function outputTo(target: OutputTarget, options: OutputOptions): Output {
  const { stdout, stderr, environment } = target;
  const progress = progressOn(stderr, progressForm(target, options));
  const tell = (text: string): void => {
    progress.clear();
    stderr.write(`${text}\n`);
  };
  const isTerminal = stdout.isTTY === true;
  const named = columnsNamedBy(environment);
  const width = isTerminal ? (named ?? Math.max(narrowestTerminal, stdout.columns ?? 80)) : Number.POSITIVE_INFINITY;
  return {
    json: options.json,
    style: styleFor(isTerminal, environment, options.color),
    width,
    pageWidth: isTerminal ? width : (named ?? paperWidth),
    progress,
    answer(value, text) {
      progress.clear();
      const answer = options.json ? JSON.stringify(value, null, 2) : text();
      if (answer !== '') stdout.write(`${answer}\n`);
    },
    item(value, text) {
      progress.clear();
      stdout.write(`${options.json ? JSON.stringify(value) : text()}\n`);
    },
    say(text) {
      // Names of files and what they hold are in it, and no styles are.
      if (!options.quiet && !options.json) tell(printableLines(text).join('\n'));
    },
    warn(text) {
      if (!options.quiet) tell(text);
    },
  };
}

function progressForm({ stderr, environment }: OutputTarget, { json, quiet }: OutputOptions): ProgressForm {
  if (quiet) return 'none';
  if (stderr.isTTY === true && environment['TERM'] !== 'dumb') return 'line';
  return json ? 'none' : 'log';
}

function columnsNamedBy(environment: NodeJS.ProcessEnv): number | null {
  const named = Number.parseInt(environment['COLUMNS'] ?? '', 10);
  return named >= narrowestTerminal ? named : null;
}
