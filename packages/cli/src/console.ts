import type { GlobalOptions } from './global-options.js';
import { confirm } from './input/confirm.js';
import { type Output, outputTo } from './output/index.js';
import { listenForStop } from './stop-signal.js';

/** The person, or the script, on the other side of a command. */
export interface Console {
  readonly options: GlobalOptions;
  /** What was typed after `lms`. */
  readonly commandLine: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Aborted by Ctrl-C and SIGTERM, and where nobody reads the answer any more. */
  readonly signal: AbortSignal;
  /** Returns when the answer is yes; see {@link confirm}. */
  confirm(question: string, options: { readonly yes: boolean }): Promise<void>;
}

/** What was typed, and whether anybody reads the answer. */
export interface Invocation {
  /** What was typed after `lms`. */
  readonly commandLine: readonly string[];
  /** Aborted when the other end of a pipe goes away. */
  readonly unread: AbortSignal;
}

/** Runs `work` on the process's own console; what it gives is the exit code. */
export async function onProcessConsole(
  options: GlobalOptions,
  { commandLine, unread }: Invocation,
  work: (console: Console) => Promise<number>,
): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const output = outputTo(
    { stdout, stderr, environment: env },
    { json: options.json === true, quiet: options.quiet === true, color: options.color },
  );
  using stop = listenForStop((text) => output.warn(text));
  const signal = AbortSignal.any([stop.signal, unread]);
  const mayAsk = options.input && stdin.isTTY === true && stderr.isTTY === true;
  return await work({
    options,
    commandLine,
    environment: env,
    output,
    signal,
    confirm: (question, { yes }) => confirm({ question, yes, mayAsk, signal }),
  });
}
