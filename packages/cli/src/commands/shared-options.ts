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

/** The words of `consentSources`, which is not loaded for help. */
export const consentSourceWords: readonly string[] = [
  'web',
  'app',
  'call',
  'sms',
  'email',
  'whatsapp',
  'in-person',
  'paper',
  'partner',
  'import',
];

/** How people said what they allow and forbid, as their leads come in. */
export function consentSource(description: string): Option {
  return new Option('--consent-source <source>', description).choices(consentSourceWords);
}

/** What the person says as the lead is made. */
export const consentInput: readonly Option[] = [
  new Option(
    '--consent <purpose>',
    'the person allows this; "marketing:hi:2" names language and version of the text (default: en, the newest) (repeatable)',
  ).argParser(collect),
  new Option(
    '--block <channel>',
    'do not contact the person by this: call, sms, email, whatsapp or all (repeatable)',
  ).argParser(collect),
  consentSource('how the person said so'),
  new Option('--consent-given <time>', 'when, such as 2026-01-31T09:30+05:30; now when absent'),
];

/** How a list is taken page by page. */
export function pageOptions({
  most,
  usual,
  what = 'how many',
}: {
  readonly most: number;
  readonly usual: number;
  /** What the help says of the number. */
  readonly what?: string;
}): readonly Option[] {
  return [
    new Option('--limit <number>', what).argParser(wholeNumber(1, most)).default(usual),
    new Option('--cursor <cursor>', 'go on after the page that gave it'),
  ];
}

export function changeOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}
