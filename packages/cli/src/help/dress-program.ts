import type { Command } from 'commander';
import { type Example, examples } from './examples.js';
import { helpTitle } from './help-output.js';
import { optionGroupOf } from './option-groups.js';

/** Puts into the help of every command what is the same everywhere: groups of options, and its examples. */
export function dressProgram(program: Command): Command {
  for (const { command, path } of commandsOf(program)) {
    for (const option of command.options) {
      const group = optionGroupOf(path, option.long ?? '');
      if (group !== null) option.helpGroup(group);
    }
    const own = examplesOf(path);
    if (own.length > 0) command.addHelpText('after', `\n${helpTitle('Examples:')}\n${own.map(exampleText).join('\n')}`);
  }
  return program;
}

export interface CommandOnPath {
  readonly command: Command;
  /** Its words after `lms`: `leads list`. */
  readonly path: string;
}

/** Every command of the tree but the program itself, in the order of the help. */
export function* commandsOf(parent: Command, path: readonly string[] = []): Generator<CommandOnPath> {
  for (const command of parent.commands) {
    const words = [...path, command.name()];
    yield { command, path: words.join(' ') };
    yield* commandsOf(command, words);
  }
}

export function examplesOf(path: string): readonly Example[] {
  return Object.hasOwn(examples, path) ? (examples[path] ?? []) : [];
}

function exampleText({ line, what }: Example): string {
  return `  # ${what}\n  ${line}`;
}
