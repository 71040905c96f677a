import { basename, extname } from 'node:path';
import { type ImportPreview, type ImportRequest, mappingUsed } from '@lms/core';
import { hasCode, LmsError } from '@lms/core/kernel';
import type { ImportOptions } from '../input/import-options.js';
import { printable } from '../output/index.js';
import type { Session } from '../session.js';
import { columnPlanView } from '../views/column-plan-view.js';
import { askColumn } from './ask-column.js';
import type { Asker } from './asker.js';
import { columnsOf, mapWith, nameOf } from './column-map.js';
import { askTie, tiesIn } from './column-ties.js';
import { consentChoices, saidWith } from './consent-choices.js';
import { dateOrderEvidence } from './date-order-evidence.js';

/** An import that is talked over before it runs. */
export interface ImportDialogue {
  readonly session: Session;
  readonly asker: Asker;
  /** What the flags ask for. */
  request(options: ImportOptions): Promise<ImportRequest>;
  /** Checks every row, writes nothing, and shows what came out. */
  dryRun(options: ImportOptions): Promise<unknown>;
}

/** The flags with what was answered, and the words that say the answers on a command line. */
export interface AskedImport {
  readonly options: ImportOptions;
  readonly words: readonly string[];
}

/** The flags so far, and how the file would be read with them. */
interface Planned {
  readonly options: ImportOptions;
  readonly request: ImportRequest;
  readonly preview: ImportPreview;
}

/**
 * Asks for what an import lacks: the product line; the sheet where several fit; the order of dates where it cannot be told.
 * Then shows how columns are read and lets that be changed or tried out.
 * @throws LmsError `COMMAND_ABORTED` when the person stops it; nothing was imported then
 */
export async function askImport(dialogue: ImportDialogue, given: ImportOptions): Promise<AskedImport> {
  const withLine = await chooseLine(dialogue, given);
  const withSheet = await chooseSheet(dialogue, await firstPlan(dialogue, withLine));
  const planned = await chooseDateOrder(dialogue, withSheet);
  tellPreviousRun(dialogue, planned.preview);
  const options = await settle(dialogue, planned, given);
  return { options, words: wordsBetween(given, options) };
}

async function plan({ session, request: requestOf }: ImportDialogue, options: ImportOptions): Promise<Planned> {
  const request = await requestOf(options);
  return { options, request, preview: await session.me.imports.plan(request, { signal: session.signal }) };
}

/** The plan; where columns fit one field equally well the person says which of them it is. */
async function firstPlan(dialogue: ImportDialogue, options: ImportOptions): Promise<Planned> {
  try {
    return await plan(dialogue, options);
  } catch (thrown) {
    const ties = tiesIn(thrown);
    if (ties.length === 0) throw thrown;
    const leftOut: string[] = [];
    for (const tie of ties) leftOut.push(...(await askTie(dialogue.asker, tie)));
    return await plan(dialogue, { ...options, map: [...(options.map ?? []), ...leftOut] });
  }
}

async function chooseLine(dialogue: ImportDialogue, options: ImportOptions): Promise<ImportOptions> {
  if (await hasLine(dialogue, options)) return options;
  const { session, asker } = dialogue;
  const lines = await session.me.schemas.list();
  if (lines.length === 0) throw new LmsError('LINE_NOT_FOUND', { message: 'There is no product line yet' });
  const choices = lines.map(({ slug, name }) => ({ value: slug, name: `${name} (${slug})` }));
  return { ...options, product: await asker.choose('Of which product line are the leads?', choices) };
}

/** A mapping file may name it. */
async function hasLine(dialogue: ImportDialogue, options: ImportOptions): Promise<boolean> {
  if (options.product !== undefined) return true;
  try {
    await dialogue.request(options);
    return true;
  } catch (thrown) {
    if (hasCode(thrown, 'USAGE_INVALID') && LmsError.isInstance(thrown) && thrown.path === '--product') return false;
    throw thrown;
  }
}

const mostSheetsTried = 10;

async function chooseSheet(dialogue: ImportDialogue, planned: Planned): Promise<Planned> {
  const { options, request, preview } = planned;
  if (request.sheet !== undefined || preview.sheets.length < 2) return planned;
  const { session, asker } = dialogue;
  const fitting: ImportPreview[] = [];
  for (const sheet of preview.sheets.slice(0, mostSheetsTried)) {
    try {
      fitting.push(sheet === preview.sheet ? preview : await session.me.imports.plan({ ...request, sheet }, session));
    } catch (thrown) {
      if (!hasCode(thrown, 'IMPORT_HEADER_NOT_FOUND') && !hasCode(thrown, 'IMPORT_MAPPING_INVALID')) throw thrown;
    }
  }
  if (fitting.length < 2) return planned;
  const choices = fitting.map(({ sheet, headerRow, columns }) => ({
    value: sheet,
    name: printable(`${sheet}: headings in row ${headerRow}, ${columns.length} columns read`),
  }));
  const sheet = await asker.choose('Several sheets hold leads. Which one?', choices, preview.sheet);
  return plan(dialogue, { ...options, sheet });
}

async function chooseDateOrder(dialogue: ImportDialogue, planned: Planned): Promise<Planned> {
  const { options, request, preview } = planned;
  const { session, asker } = dialogue;
  if (request.dateOrder !== undefined) return planned;
  const { fields } = await session.me.schemas.schema(preview.productLine);
  const dateKeys = new Set(fields.filter(({ type }) => type === 'date' || type === 'date-time').map(({ key }) => key));
  const columns = preview.columns.filter(({ field, dateOrder }) => dateKeys.has(field) && dateOrder === undefined);
  if (columns.length === 0) return planned;
  const { dayFirst, monthFirst, either } = await dateOrderEvidence(
    request.file,
    { ...preview, columns },
    session.signal,
  );
  const example = dayFirst === null ? (either ?? monthFirst) : null;
  if (example === null) return planned;
  const dateOrder = await asker.choose(
    printable(`How is ${example.text} in "${example.heading}" to be read?`),
    [
      { value: 'dmy', name: 'Day first' },
      { value: 'mdy', name: 'Month first' },
    ],
    monthFirst === null ? 'dmy' : 'mdy',
  );
  return dateOrder === 'dmy' ? planned : plan(dialogue, { ...options, dateOrder });
}

function tellPreviousRun({ session }: ImportDialogue, { previousRuns: [run] }: ImportPreview): void {
  if (run === undefined) return;
  const when = session.format.time(run.startedAt);
  const { created } = run.counts;
  const made = created === 1 ? '1 lead was created' : `${created} leads were created`;
  session.output.say(`This very file was imported before, ${when}: ${made}`);
}

/** Shows how the file is read until the person goes on. */
async function settle(dialogue: ImportDialogue, first: Planned, given: ImportOptions): Promise<ImportOptions> {
  const { session, asker } = dialogue;
  let planned = first;
  let isNew = true;
  for (;;) {
    const { options, preview } = planned;
    if (isNew) session.output.warn(['', ...columnPlanView(preview, session.output), ''].join('\n'));
    const answer = await asker.choose(
      'What now?',
      answersFor(options, preview),
      preview.missing.length > 0 ? 'change' : 'go',
    );
    isNew = answer === 'change';
    if (answer === 'stop') throw new LmsError('COMMAND_ABORTED', { message: 'Nothing was imported' });
    if (answer === 'dry-run') await dialogue.dryRun({ ...options, dryRun: true });
    if (answer === 'change') planned = await changeColumn(dialogue, planned);
    if (answer === 'go') {
      if (isChanged(options, given)) await offerToSave(dialogue, planned);
      return options;
    }
  }
}

/** Whether anything was said of columns here. */
function isChanged(options: ImportOptions, given: ImportOptions): boolean {
  return (['map', 'consent', 'block'] as const).some((flag) => options[flag]?.join('\n') !== given[flag]?.join('\n'));
}

type Answer = 'go' | 'change' | 'dry-run' | 'stop';

interface AnswerChoice {
  readonly value: Answer;
  readonly name: string;
}

/** Where no row could be taken, a column has to be changed first. */
function answersFor({ dryRun }: ImportOptions, { refused }: ImportPreview): readonly AnswerChoice[] {
  const change: AnswerChoice = { value: 'change', name: 'Change what a column holds' };
  const stop: AnswerChoice = { value: 'stop', name: 'Stop' };
  if (refused !== null) return [change, stop];
  if (dryRun === true) return [{ value: 'go', name: 'Check every row, write nothing' }, change, stop];
  const check: AnswerChoice = { value: 'dry-run', name: 'Check every row first, write nothing' };
  return [{ value: 'go', name: 'Import it' }, change, check, stop];
}

async function changeColumn(dialogue: ImportDialogue, planned: Planned): Promise<Planned> {
  const { session, asker } = dialogue;
  const { options, preview } = planned;
  const columns = columnsOf(preview);
  const { fields } = await session.me.schemas.schema(preview.productLine);
  const consents = await consentChoices(session);
  const { column, holds } = await askColumn(asker, { columns, fields, missing: preview.missing, consents });
  const { consent: _consent, block: _block, ...others } = options;
  const choice = typeof holds === 'string' ? null : holds;
  const said = saidWith(options, column, { name: nameOf(column, columns), choice });
  const isField = typeof holds === 'string' && !('says' in column && holds === '-');
  const map = isField ? { map: mapWith(options.map ?? [], columns, { column, field: holds }) } : {};
  try {
    return await plan(dialogue, { ...others, ...said, ...map });
  } catch (thrown) {
    if (!hasCode(thrown, 'IMPORT_MAPPING_INVALID') || !LmsError.isInstance(thrown)) throw thrown;
    session.output.warn(printable(`That cannot be: ${thrown.message}`));
    return planned;
  }
}

/** What was said of columns helps with the next file of the source. */
async function offerToSave(dialogue: ImportDialogue, { options, request, preview }: Planned): Promise<void> {
  const { session, asker } = dialogue;
  if (options.saveMapping !== undefined || options.dryRun === true) return;
  if (!(await asker.confirm('Keep how the columns are read, for the next file from there?', false))) return;
  const suggested = printable(options.source ?? basename(request.file, extname(request.file)));
  const name = await asker.text('Under which name? (that of the source, such as a partner or a fair)', {
    suggested,
    check: (text) => text.trim() !== '' || 'A mapping needs a name',
  });
  const mapping = { productLine: preview.productLine, name, document: mappingUsed(request, preview) };
  const { mappings } = session.me.imports;
  try {
    const isNew = (await mappings.find(mapping)) === null;
    if (!isNew && !(await asker.confirm(printable(`There is a mapping "${name}" already. Replace it?`), false))) return;
    await mappings.save(mapping);
    session.output.say(
      `Kept as "${name}": the next file is read so with --mapping "${name}", or with --source "${name}"`,
    );
  } catch (thrown) {
    if (!hasCode(thrown, 'PERMISSION_DENIED')) throw thrown;
    session.output.warn('warning: you may not save mappings; this import goes on as you said');
  }
}

function wordsBetween(given: ImportOptions, settled: ImportOptions): readonly string[] {
  const isNew = (before: readonly string[] | undefined) => (text: string) => before?.includes(text) !== true;
  const flag = (name: string, before: string | undefined, after: string | undefined): readonly string[] =>
    after === undefined || after === before ? [] : [name, after];
  return [
    ...flag('--product', given.product, settled.product),
    ...flag('--sheet', given.sheet, settled.sheet),
    ...flag('--date-order', given.dateOrder, settled.dateOrder),
    ...(settled.map ?? []).filter(isNew(given.map)).flatMap((text) => ['--map', text]),
    ...(settled.consent ?? []).filter(isNew(given.consent)).flatMap((text) => ['--consent', text]),
    ...(settled.block ?? []).filter(isNew(given.block)).flatMap((text) => ['--block', text]),
  ];
}
