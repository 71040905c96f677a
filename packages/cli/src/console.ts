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
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Returns when the answer is yes; see {@link confirm}. */
  confirm(question: string, options: { readonly force: boolean }): Promise<void>;
}

/** Runs `work` on the process's own console; what it gives is the exit code. */
export async function onProcessConsole(
  options: GlobalOptions,
  commandLine: readonly string[],
  work: (console: Console) => Promise<number>,
): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const output = outputTo(
    { stdout, stderr, environment: env },
    { json: options.json === true, quiet: options.quiet === true },
  );
  using stop = listenForStop((text) => output.warn(text));
  const mayAsk = options.input && stdin.isTTY === true && stderr.isTTY === true;
  return await work({
    options,
    commandLine,
    environment: env,
    output,
    signal: stop.signal,
    confirm: (question, { force }) => confirm({ question, force, mayAsk, signal: stop.signal }),
  });
}
