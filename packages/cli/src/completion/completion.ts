import type { Argument, Command, Option } from 'commander';
import { type ValueKind, valuesOfArgument, valuesOfOption } from './value-kinds.js';

/** Something that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** What may stand where the cursor is; `kind` are values that only a store, or the shell, knows. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly kind: ValueKind | null;
  /** What has been typed of it. */
  readonly typed: string;
  /** Stands before each value: `--product=` where the shell has that and the value as one word. */
  readonly prefix: string;
  /** Values of the options typed before it, such as `product`, by their names. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * What may stand in the place of the last of the words after `lms`, which may be empty, by the command tree.
 *
 * Shells differ in `--product=x`: it is one word, or the three words `--product`, `=` and `x`; both are understood.
 */
export function completionOf(program: Command, words: readonly string[]): Completion {
  const joined = joinedAtEquals(words);
  const { word: typed, isSplit } = joined.at(-1) ?? { word: '', isSplit: false };
  const before = walk(
    program,
    joined.slice(0, -1).map(({ word }) => word),
  );
  const base = { typed, prefix: '', options: before.options };
  if (before.awaiting !== null) return { ...base, ...valuesFor(before.awaiting, before.path) };
  const [, flag, value = ''] = before.isPastOptions ? [] : (flagWithValue.exec(typed) ?? []);
  if (flag !== undefined) {
    const values = valuesFor(optionNamed(before.chain, flag), before.path);
    return { ...base, ...values, typed: value, prefix: isSplit ? '' : `${flag}=` };
  }
  if (typed.startsWith('-') && !before.isPastOptions) return { ...base, candidates: flags(before.chain), kind: null };
  return { ...base, ...wordsAt(program, before) };
}

const flagWithValue = /^(--[^=]+)=(.*)$/s;

/** A command, or an argument of the one that was named. */
function wordsAt(program: Command, { chain, path, plain }: Walk): Pick<Completion, 'candidates' | 'kind'> {
  if (path === 'help') return { candidates: subcommands(commandAt(program, plain)), kind: null };
  const commands = plain.length === 0 ? subcommands(chain.at(-1)) : [];
  const argument = argumentAt(chain.at(-1), plain.length);
  if (commands.length > 0 || argument === undefined) return { candidates: commands, kind: null };
  const { choices, kind } = valuesOfArgument(path, argument);
  return { candidates: choices.map(valueOnly), kind };
}

/** The words up to the cursor, read. */
interface Walk {
  /** The program, and the commands down to the one that was named. */
  readonly chain: readonly Command[];
  readonly path: string;
  /** An option whose value comes next. */
  readonly awaiting: Option | null;
  /** Words that are no command, option or value of one. */
  readonly plain: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** After `--`. */
  readonly isPastOptions: boolean;
}

function walk(program: Command, words: readonly string[]): Walk {
  const chain = [program];
  const plain: string[] = [];
  const options = new Map<string, string>();
  let awaiting: Option | null = null;
  let isPastOptions = false;
  for (const word of words) {
    if (awaiting !== null) {
      options.set(awaiting.attributeName(), word);
      awaiting = null;
    } else if (word === '--' && !isPastOptions) {
      isPastOptions = true;
    } else if (word.startsWith('-') && word !== '-' && !isPastOptions) {
      const [, flag = word, value] = flagWithValue.exec(word) ?? [];
      const option = optionNamed(chain, flag);
      if (option === null || !takesValue(option)) continue;
      if (value === undefined) awaiting = option;
      else options.set(option.attributeName(), value);
    } else {
      const next = plain.length === 0 ? chain.at(-1)?.commands.find((command) => command.name() === word) : undefined;
      if (next === undefined) plain.push(word);
      else chain.push(next);
    }
  }
  const path = chain
    .slice(1)
    .map((command) => command.name())
    .join(' ');
  return { chain, path, awaiting, plain, options, isPastOptions };
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function optionNamed(chain: readonly Command[], flag: string): Option | null {
  const all = chain.toReversed().flatMap((command) => command.options);
  return all.find(({ long, short }) => long === flag || short === flag) ?? null;
}

function valuesFor(option: Option | null, path: string): Pick<Completion, 'candidates' | 'kind'> {
  if (option === null) return { candidates: [], kind: null };
  const { choices, kind } = valuesOfOption(path, option);
  return { candidates: choices.map(valueOnly), kind };
}

function flags(chain: readonly Command[]): readonly Candidate[] {
  const own = chain.toReversed().flatMap((command) => command.options.filter(({ hidden }) => !hidden));
  return [
    ...own.flatMap(({ long, description }) => (typeof long === 'string' ? [{ value: long, description }] : [])),
    { value: '--help', description: 'explain a command' },
  ];
}

function subcommands(command: Command | undefined): readonly Candidate[] {
  return (command?.commands ?? []).map((each) => ({ value: each.name(), description: each.description() }));
}

function commandAt(program: Command, words: readonly string[]): Command | undefined {
  let current: Command | undefined = program;
  for (const word of words) current = current?.commands.find((command) => command.name() === word);
  return current;
}

function argumentAt(command: Command | undefined, position: number): Argument | undefined {
  const all = command?.registeredArguments ?? [];
  const last = all.at(-1);
  return all[position] ?? (last?.variadic === true ? last : undefined);
}

function valueOnly(value: string): Candidate {
  return { value };
}

interface TypedWord {
  readonly word: string;
  /** The shell takes what stands before the last `=` for other words. */
  readonly isSplit: boolean;
}

/** `--product`, `=`, `x` become `--product=x`. */
function joinedAtEquals(words: readonly string[]): readonly TypedWord[] {
  const joined: TypedWord[] = [];
  for (const [index, word] of words.entries()) {
    const previous = joined.at(-1);
    const isAfterFlag = previous?.word.startsWith('--') === true;
    const continues = isAfterFlag && (word === '=' ? !previous.word.includes('=') : words[index - 1] === '=');
    if (continues) joined.splice(-1, 1, { word: previous.word + word, isSplit: true });
    else joined.push({ word, isSplit: false });
  }
  return joined;
}
