import { type Command, Option } from 'commander';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';

/** What every change of a lead takes. */
export interface WriteOptions {
  readonly expectedVersion?: number;
  readonly idempotencyKey?: string;
}

/** Field values at the command line. */
export interface FieldInputOptions {
  readonly set?: readonly string[];
  readonly fields?: string;
}

/** @param what whose version is expected, as the help says it */
export function writeOptionsOf(what: string): readonly Option[] {
  return [
    new Option('--expected-version <number>', `only if ${what} still has this version`).argParser(
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    ),
    new Option('--idempotency-key <key>', 'a repeat with the same key and the same request changes nothing more'),
  ];
}

export const writeOptions: readonly Option[] = writeOptionsOf('the lead');

export const fieldInput: readonly Option[] = [
  new Option('--set <key=value>', 'the value of a field, as a person types it (repeatable)').argParser(collect),
  new Option('--fields <file>', 'field values as one JSON object in a file, or - for standard input'),
];

/** Before what cannot be taken back by the next command. `--force` is what it was called first. */
export const yesOptions: readonly Option[] = [
  new Option('--yes', 'do not ask'),
  new Option('--force', 'the same').hideHelp().implies({ yes: true }),
];

/** `--check` is what it was called first. */
export const dryRunOptions: readonly Option[] = [
  new Option('--dry-run', 'say what would be refused, and write nothing'),
  new Option('--check', 'the same').hideHelp().implies({ dryRun: true }),
];

export function changeOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}
