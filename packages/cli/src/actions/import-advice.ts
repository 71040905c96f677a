import type { ImportResult } from '@lms/core';
import type { ChosenMapping } from '../input/import-mapping.js';
import type { ImportOptions } from '../input/import-options.js';
import { commandLine, withFlag } from '../output/command-line.js';
import type { Session } from '../session.js';

/** What was asked for. */
export interface ChosenImport {
  readonly options: ImportOptions;
  readonly chosen: ChosenMapping | null;
  /** Where refused rows were to go. */
  readonly rejectFile: string | undefined;
}

/** The choices that the reject file has to be read with too; it has one sheet, and no other reject file is named. */
function choicesOf(result: ImportResult, { options, chosen }: ChosenImport): readonly string[] {
  const { map = [], mapping, source, channel, campaign, dateOrder, leastConfidence, duplicates } = options;
  const { consent = [], block = [], consentSource, consentGiven } = options;
  const given = {
    product: result.productLine,
    mapping: mapping === false ? undefined : mapping,
    // The reject file has its headings on top of the one sheet, whatever the mapping says of the sender's files.
    'header-row': chosen?.document.headerRow === undefined || result.form.format === 'ndjson' ? undefined : '1',
    sheet: chosen?.document.sheet === undefined || result.form.format !== 'xlsx' ? undefined : 'Rejects',
    source,
    channel,
    campaign,
    'date-order': dateOrder,
    'least-confidence': leastConfidence?.toString(),
    'consent-source': consentSource,
    'consent-given': consentGiven,
    duplicates,
  };
  return [
    ...(mapping === false ? ['--no-mapping'] : []),
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...[...map, ...guessedColumns(result)].flatMap((text) => ['--map', text]),
    ...consent.flatMap((text) => ['--consent', text]),
    ...block.flatMap((text) => ['--block', text]),
  ];
}

/** Few rows may not be enough to be as sure of a column again as all of them were. */
function guessedColumns({ columns }: ImportResult): readonly string[] {
  const certain: ReadonlySet<string> = new Set(['mapping', 'key', 'label', 'synonym']);
  return columns
    .filter(({ reason }) => !certain.has(reason))
    .map(({ heading, letter, field, unit, dateOrder }) => {
      const isName = columns.filter((column) => column.heading === heading).length === 1 && heading !== letter;
      const reading = unit ?? dateOrder;
      return `${isName ? heading : `column ${letter}`}=${field}${reading === undefined ? '' : `:${reading}`}`;
    });
}

/** The store, and in whose name, as this command was told. */
function whereOf({ store, actor, config }: Session['options']): readonly string[] {
  return Object.entries({ store, actor, config }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
}

/** What is refused again stands in its place again: in the file that this run made, never in one of somebody else. */
function repeatedWords(words: readonly string[], rejectFile: string | null, chosen: ChosenImport): readonly string[] {
  if (chosen.options.rejects === undefined || rejectFile === null) return words;
  const named = rejectFile === chosen.rejectFile ? words : withFlag(words, '--rejects', rejectFile);
  return named.includes('--replace') ? named : [...named, '--replace'];
}

/** What to type next. */
export function* importAdvice(
  result: ImportResult,
  { commandLine: words, options }: Pick<Session, 'commandLine' | 'options'>,
  chosen: ChosenImport,
): Generator<string> {
  const { rejectFile } = result;
  const repeated = ['lms', ...repeatedWords(words, rejectFile, chosen)];
  if (rejectFile !== null && rejectFile !== chosen.rejectFile) {
    yield `Somebody made a file ${chosen.rejectFile} meanwhile, so the refused rows are in ${rejectFile}`;
  }
  if (result.status === 'stopped') {
    const again = commandLine(repeated);
    yield `Stopped between two batches; nothing is half written. To go on where it stopped: ${again}`;
    return;
  }
  const [previous] = result.previousRuns;
  if (previous !== undefined) yield `This very file was imported before: lms imports show ${previous.id}`;
  if (rejectFile !== null) {
    const correct = commandLine(['lms', 'import', rejectFile, ...choicesOf(result, chosen), ...whereOf(options)]);
    yield `Correct the refused rows in ${rejectFile}, then: ${correct}`;
  }
  if (result.dryRun) {
    const real = commandLine(repeated.filter((word) => word !== '--dry-run'));
    yield `Nothing was written. To import: ${real}`;
  } else {
    yield `Next: ${commandLine(['lms', 'board', '--product', result.productLine, ...whereOf(options)])}`;
  }
}
