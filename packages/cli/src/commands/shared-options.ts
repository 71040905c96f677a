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

export function changeOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}
