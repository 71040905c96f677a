import { LmsError } from '@lms/core/kernel';
import type { Console } from '../console.js';

/** One of several answers. */
export interface Choice<Value> {
  readonly value: Value;
  readonly name: string;
  /** Shown below the list while the choice is the marked one. */
  readonly description?: string;
}

/**
 * Questions to a person at a terminal. Each is answered, or refused with `COMMAND_ABORTED`: Ctrl-C, or the terminal went
 * away.
 */
export interface Asker {
  /** One of a short list; the first is marked unless `marked` says another. */
  choose<Value>(question: string, choices: readonly Choice<Value>[], marked?: NoInfer<Value>): Promise<Value>;
  /** One of a long list, narrowed by what is typed. */
  search<Value>(question: string, find: (typed: string) => readonly Choice<Value>[]): Promise<Value>;
  /** @param check true, or what is wrong with the text */
  text(
    question: string,
    options?: { readonly suggested?: string; readonly check?: (text: string) => true | string },
  ): Promise<string>;
  confirm(question: string, suggested: boolean): Promise<boolean>;
}

/** Null where nobody is to be asked: no terminal, a build server, `--no-input`, `--json`. */
export function askerFor({
  options,
  environment,
  signal,
}: Pick<Console, 'options' | 'environment' | 'signal'>): Asker | null {
  const isWanted = options.input && options.json !== true;
  return isWanted && isTerminal(environment) ? inquirerOn(signal) : null;
}

function isTerminal(environment: NodeJS.ProcessEnv): boolean {
  const { stdin, stdout, stderr } = process;
  const isBuildServer = !['', '0', 'false'].includes(environment['CI'] ?? '');
  return (
    stdin.isTTY === true &&
    stdout.isTTY === true &&
    stderr.isTTY === true &&
    environment['TERM'] !== 'dumb' &&
    !isBuildServer
  );
}

const linesAtOnce = 12;

/** Asks on stderr, so that stdout holds answers alone. */
function inquirerOn(signal: AbortSignal): Asker {
  const context = { output: process.stderr, signal };
  return {
    choose: async (question, choices, marked) => {
      const { select } = await import('@inquirer/prompts');
      const first = marked === undefined ? {} : { default: marked };
      return answered(select({ message: question, choices: [...choices], pageSize: linesAtOnce, ...first }, context));
    },
    search: async (question, find) => {
      const { search } = await import('@inquirer/prompts');
      const source = async (typed: string | undefined) => [...find(typed ?? '')];
      return answered(search({ message: question, source, pageSize: linesAtOnce }, context));
    },
    text: async (question, { suggested, check } = {}) => {
      const { input } = await import('@inquirer/prompts');
      const first = suggested === undefined ? {} : { default: suggested };
      const validate = check === undefined ? {} : { validate: check };
      return answered(input({ message: question, ...first, ...validate }, context));
    },
    confirm: async (question, suggested) => {
      const { confirm } = await import('@inquirer/prompts');
      return answered(confirm({ message: question, default: suggested }, context));
    },
  };
}

const ways: ReadonlySet<string> = new Set(['ExitPromptError', 'AbortPromptError']);

async function answered<Value>(question: Promise<Value>): Promise<Value> {
  try {
    return await question;
  } catch (cause) {
    if (!(cause instanceof Error) || !ways.has(cause.name)) throw cause;
    throw new LmsError('COMMAND_ABORTED', { message: 'Stopped; nothing was changed', cause });
  }
}
