import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type ImportRequest, type ImportResult, mappingUsed, withMapping } from '@lms/core';
import { dateOrders, LmsError } from '@lms/core/kernel';
import { exitCodes } from '../exit-codes.js';
import { type ChosenMapping, chosenMapping } from '../input/import-mapping.js';
import type { ImportOptions } from '../input/import-options.js';
import { type InputFile, inputFile } from '../input/input-file.js';
import { mappingOf } from '../input/map-flags.js';
import { nameOfNewFile } from '../input/new-file.js';
import { commandLine } from '../output/command-line.js';
import { askerFor } from '../prompts/asker.js';
import { askImport } from '../prompts/import-dialogue.js';
import type { Session } from '../session.js';
import { keepHeapSmall } from '../small-heap.js';
import { importProgressText } from '../views/import-progress.js';
import { importView } from '../views/import-view.js';

/** On a terminal the import is talked over first, unless `--yes` says that all is said. */
export async function importFile(session: Session, file: string, options: ImportOptions): Promise<number> {
  await using input = await inputFile(file, session);
  // Where the rows come from the keyboard the answers cannot, and without messages there is nothing to answer to.
  const isSaid = options.yes === true || file === '-' || session.options.quiet === true;
  const asker = isSaid ? null : askerFor(session);
  // Awaited here: what standard input was kept in goes when this function ends.
  if (asker === null) return await runImport(session, input, options);
  const asked = await askImport(
    {
      session,
      asker,
      request: async (said) => requestOf(input, said, await chosenMapping(session, said)),
      dryRun: (said) => runImport(session, input, said),
    },
    options,
  );
  const commandLine = [...session.commandLine, ...asked.words];
  return await runImport({ ...session, commandLine }, input, asked.options);
}

async function runImport(session: Session, input: InputFile, options: ImportOptions): Promise<number> {
  const { me, output, signal } = session;
  keepHeapSmall();
  const chosen = await chosenMapping(session, options);
  if (chosen?.bySource === true)
    output.say(`Columns are read as the saved mapping "${chosen.name}" says; --no-mapping leaves it.`);
  const request = requestOf(input, options, chosen);
  const result = await me.imports.run(request, {
    signal,
    onProgress: (progress) => output.progress.show(importProgressText(progress)),
  });
  output.progress.clear();
  output.answer(result, () => importView(result, output));
  await keepMapping(session, { request, result, name: options.saveMapping });
  for (const text of adviceOn(result, session, { options, chosen })) output.say(text);
  if (result.status === 'stopped') return exitCodes.stopped;
  return result.counts.rejected > 0 ? exitCodes.doneWithRejects : exitCodes.ok;
}

/** Saves how the file was read, for the next one of its source. */
async function keepMapping(
  { me, output }: Session,
  done: { readonly request: ImportRequest; readonly result: ImportResult; readonly name: string | undefined },
): Promise<void> {
  const { request, result, name } = done;
  if (name === undefined) return;
  if (result.dryRun) {
    output.say(`A dry run saves nothing; the import itself will save the mapping "${name}".`);
    return;
  }
  const { productLine } = result;
  const saved = await me.imports.mappings.save({ productLine, name, document: mappingUsed(request, result) });
  const show = commandLine(['lms', 'mappings', 'show', saved.name, '--product', productLine]);
  output.say(`Saved how this file was read, version ${saved.version}: ${show}`);
}

function requestOf(input: InputFile, options: ImportOptions, chosen: ChosenMapping | null): ImportRequest {
  const request = plainRequestOf(input, options, chosen?.document.productLine);
  return chosen === null ? request : withMapping(request, chosen.document, chosen.name);
}

function plainRequestOf(input: InputFile, options: ImportOptions, lineOfMapping: string | undefined): ImportRequest {
  const rejectFile = rejectFileOf(input, options);
  return {
    file: resolve(input.path),
    productLine: lineOf(options.product, lineOfMapping),
    ...(options.map === undefined ? {} : { mapping: mappingOf(options.map) }),
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
    ...(options.headerRow === undefined ? {} : { headerRow: options.headerRow }),
    ...(options.leastConfidence === undefined ? {} : { leastConfidence: options.leastConfidence }),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.channel === undefined ? {} : { channel: options.channel }),
    ...(options.campaign === undefined ? {} : { campaign: options.campaign }),
    ...(options.dateOrder === undefined ? {} : { dateOrder: dateOrderOf(options.dateOrder) }),
    ...(options.duplicates === undefined ? {} : { duplicates: duplicatesOf(options.duplicates) }),
    ...(options.dryRun === true ? { dryRun: true } : {}),
    ...(options.again === true ? { again: true } : {}),
    ...(rejectFile === undefined ? {} : { rejectFile: resolve(rejectFile) }),
  };
}

/** @throws LmsError `USAGE_INVALID` when neither is there, or both are and differ */
function lineOf(product: string | undefined, ofMapping: string | undefined): string {
  const line = product ?? ofMapping;
  if (line === undefined) {
    throw new LmsError('USAGE_INVALID', {
      message: 'name the product line of the leads: --product LINE',
      path: '--product',
    });
  }
  if (ofMapping === undefined || ofMapping === line) return line;
  throw new LmsError('USAGE_INVALID', {
    message: `the mapping is for "${ofMapping}", not for "${line}"`,
    path: '--mapping',
  });
}

function rejectFileOf(input: InputFile, options: ImportOptions): string | undefined {
  if (options.rejects !== undefined)
    return nameOfNewFile(options.rejects, { place: '--rejects', example: 'refused.csv' });
  return options.dryRun === true ? undefined : besideOf(input.named);
}

/**
 * `leads.xlsx` has its refused rows in `leads.rejects.xlsx`, or in `leads.rejects-2.xlsx` when there is such a file already:
 * somebody may have corrected half of it.
 */
function besideOf(file: string): string {
  const extension = extname(file);
  const start = join(dirname(file), `${basename(file, extension)}.rejects`);
  for (let copy = 1; ; copy += 1) {
    const name = `${start}${copy === 1 ? '' : `-${copy}`}${extension}`;
    if (!existsSync(name)) return name;
  }
}

function dateOrderOf(text: string): (typeof dateOrders)[number] {
  const order = dateOrders.find((each) => each === text);
  if (order !== undefined) return order;
  throw new LmsError('USAGE_INVALID', {
    message: `--date-order is dmy, mdy or ymd, not "${text}"`,
    path: '--date-order',
  });
}

function duplicatesOf(text: string): 'skip' | 'update' {
  if (text === 'skip' || text === 'update') return text;
  throw new LmsError('USAGE_INVALID', {
    message: `--duplicates is skip or update, not "${text}"`,
    path: '--duplicates',
  });
}

interface Chosen {
  readonly options: ImportOptions;
  readonly chosen: ChosenMapping | null;
}

/** The choices that the reject file has to be read with too; it has one sheet, and no other reject file is named. */
function choicesOf(result: ImportResult, { options, chosen }: Chosen): readonly string[] {
  const { map = [], mapping, source, channel, campaign, dateOrder, leastConfidence, duplicates } = options;
  const given = {
    product: result.productLine,
    mapping: mapping === false ? undefined : mapping,
    // The reject file has its headings on top of the one sheet, whatever the mapping says of the sender's files.
    'header-row': chosen?.document.headerRow === undefined ? undefined : '1',
    sheet: chosen?.document.sheet === undefined || result.form.format !== 'xlsx' ? undefined : 'Rejects',
    source,
    channel,
    campaign,
    'date-order': dateOrder,
    'least-confidence': leastConfidence?.toString(),
    duplicates,
  };
  return [
    ...(mapping === false ? ['--no-mapping'] : []),
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...[...map, ...guessedColumns(result)].flatMap((text) => ['--map', text]),
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

/** What to type next. */
function* adviceOn(result: ImportResult, { commandLine: words, options }: Session, chosen: Chosen): Generator<string> {
  const again = commandLine(['lms', ...words]);
  if (result.status === 'stopped') {
    yield `Stopped between two batches; nothing is half written. To go on where it stopped: ${again}`;
    return;
  }
  const [previous] = result.previousRuns;
  if (previous !== undefined) yield `This very file was imported before: lms imports show ${previous.id}`;
  if (result.rejectFile !== null) {
    const correct = commandLine([
      'lms',
      'import',
      result.rejectFile,
      ...choicesOf(result, chosen),
      ...whereOf(options),
    ]);
    yield `Correct the refused rows in ${result.rejectFile}, then: ${correct}`;
  }
  if (result.dryRun) {
    const real = commandLine(['lms', ...words.filter((word) => word !== '--dry-run')]);
    yield `Nothing was written. To import: ${real}`;
  } else {
    yield `Next: ${commandLine(['lms', 'board', '--product', result.productLine, ...whereOf(options)])}`;
  }
}
