import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type ImportRequest, type ImportResult, mappingUsed, withMapping } from '@lms/core';
import { dateOrders, hasCode, LmsError } from '@lms/core/kernel';
import { exitCodes } from '../exit-codes.js';
import { saidInFile } from '../input/consent-flags.js';
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
import { importPlanView, importView } from '../views/import-view.js';
import { importAdvice } from './import-advice.js';

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
      request: async (said) => requestOf(session, input, said, await chosenMapping(session, said)),
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
  const request = requestOf(session, input, options, chosen);
  if (options.detach === true) return detachImport(session, { request, input, options });
  const result = await me.imports
    .run(request, { signal, onProgress: (progress) => output.progress.show(importProgressText(progress)) })
    .catch(async (thrown: unknown) => {
      if (hasCode(thrown, 'IMPORT_COLUMN_MISSING')) await showPlan(session, request);
      throw thrown;
    });
  output.progress.clear();
  output.answer(result, () => importView(result, output));
  await keepMapping(session, { request, result, name: options.saveMapping });
  for (const text of importAdvice(result, session, { options, chosen, rejectFile: request.rejectFile }))
    output.say(text);
  if (result.status === 'stopped') return exitCodes.stopped;
  return result.counts.rejected > 0 ? exitCodes.doneWithRejects : exitCodes.ok;
}

/** Leaves the import to a worker. */
async function detachImport(
  { me, output }: Session,
  {
    request,
    input,
    options,
  }: { readonly request: ImportRequest; readonly input: InputFile; readonly options: ImportOptions },
): Promise<number> {
  for (const [flag, isGiven] of [
    ['standard input', input.path !== input.named],
    ['--save-mapping', options.saveMapping !== undefined],
  ] as const) {
    if (!isGiven) continue;
    throw new LmsError('USAGE_INVALID', { message: `--detach does not go with ${flag}`, path: '--detach' });
  }
  const detached = await me.imports.detach(request);
  output.answer(detached, () => `The import is left to a worker as ${detached.id}.`);
  output.say(`Next: lms imports watch ${detached.id}; a worker is lms work.`);
  return exitCodes.ok;
}

/** Of a file that is refused as it is read: the columns there are, and what they are taken for. */
async function showPlan({ me, output, signal }: Session, request: ImportRequest): Promise<void> {
  const plan = await me.imports.plan(request, { signal });
  if (request.dryRun === true) output.answer(plan, () => importPlanView(plan, true, output));
  else if (!output.json) output.warn(importPlanView(plan, false, output));
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

/** Whose days are meant. */
type Place = Pick<Session, 'timeZone'>;

function requestOf(
  place: Place,
  input: InputFile,
  options: ImportOptions,
  chosen: ChosenMapping | null,
): ImportRequest {
  const request = plainRequestOf(place, input, { options, lineOfMapping: chosen?.document.productLine });
  return chosen === null ? request : withMapping(request, chosen.document, chosen.name);
}

function plainRequestOf(
  place: Place,
  input: InputFile,
  { options, lineOfMapping }: { readonly options: ImportOptions; readonly lineOfMapping: string | undefined },
): ImportRequest {
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
    ...saidInFile(options, place),
    ...(options.duplicates === undefined ? {} : { duplicates: duplicatesOf(options.duplicates) }),
    ...(options.dryRun === true ? { dryRun: true } : {}),
    ...(options.again === true ? { again: true } : {}),
    ...(rejectFile === undefined ? {} : { rejectFile: resolve(rejectFile) }),
    ...(options.replace === true ? { replaceRejectFile: true } : {}),
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
  if (options.replace === true) {
    const message = '--replace is for the file that --rejects names; without it refused rows go into a new file';
    throw new LmsError('USAGE_INVALID', { message, path: '--replace' });
  }
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
