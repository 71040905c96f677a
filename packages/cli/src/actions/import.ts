import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ImportProgress, ImportRequest, ImportResult } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { exitCodes } from '../exit-codes.js';
import { type InputFile, inputFile } from '../input/input-file.js';
import { commandLine } from '../output/command-line.js';
import type { Session } from '../session.js';
import { importView } from '../views/import-view.js';

export interface ImportOptions {
  readonly product: string;
  readonly dryRun?: true;
  readonly map?: readonly string[];
  readonly rejects?: string;
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  readonly dateOrder?: string;
  readonly sheet?: string;
  readonly again?: true;
}

export async function importFile(session: Session, file: string, options: ImportOptions): Promise<number> {
  const { me, output, signal } = session;
  await using input = await inputFile(file, session);
  const result = await me.imports.run(requestOf(input, options), {
    signal,
    onProgress: (progress) => output.progress.show(progressText(progress)),
  });
  output.progress.clear();
  output.answer(result, () => importView(result, output.style));
  for (const text of adviceOn(result, session, options)) output.say(text);
  if (result.status === 'stopped') return exitCodes.stopped;
  return result.counts.rejected > 0 ? exitCodes.doneWithRejects : exitCodes.ok;
}

function requestOf(input: InputFile, options: ImportOptions): ImportRequest {
  const rejectFile = options.rejects ?? (options.dryRun === true ? undefined : besideOf(input.named));
  return {
    file: resolve(input.path),
    productLine: options.product,
    ...(options.map === undefined ? {} : { mapping: mappingOf(options.map) }),
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.channel === undefined ? {} : { channel: options.channel }),
    ...(options.campaign === undefined ? {} : { campaign: options.campaign }),
    ...(options.dateOrder === undefined ? {} : { dateOrder: dateOrderOf(options.dateOrder) }),
    ...(options.dryRun === true ? { dryRun: true } : {}),
    ...(options.again === true ? { again: true } : {}),
    ...(rejectFile === undefined ? {} : { rejectFile: resolve(rejectFile) }),
  };
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

/** `Column heading=fieldKey`: the heading may hold an equals sign, the key never does. */
function mappingOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      if (at > 0 && at < text.length - 1) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      const message = `Write --map "Column heading=fieldKey", or "Column heading=-" to leave it out, not "${text}"`;
      throw new LmsError('USAGE_INVALID', { message, path: '--map' });
    }),
  );
}

const dateOrders = ['dmy', 'mdy', 'ymd'] as const;

function dateOrderOf(text: string): (typeof dateOrders)[number] {
  const order = dateOrders.find((each) => each === text);
  if (order !== undefined) return order;
  throw new LmsError('USAGE_INVALID', {
    message: `--date-order is dmy, mdy or ymd, not "${text}"`,
    path: '--date-order',
  });
}

function progressText(progress: ImportProgress): string {
  const share = progress.totalBytes === 0 ? 0 : Math.floor((100 * progress.bytesRead) / progress.totalBytes);
  const { rows, created, duplicates, rejected, rowsPerSecond } = progress;
  return `${share} %  ${rows} rows: ${created} created, ${duplicates} duplicates, ${rejected} rejected  (${rowsPerSecond}/s)`;
}

/** The choices that the reject file has to be read with too; it has one sheet, and no other reject file is named. */
function choicesOf(options: ImportOptions): readonly string[] {
  const { product, map = [], source, channel, campaign, dateOrder } = options;
  const given = { product, source, channel, campaign, 'date-order': dateOrder };
  return [
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...map.flatMap((text) => ['--map', text]),
  ];
}

/** What to type next. */
function* adviceOn(result: ImportResult, { commandLine: words }: Session, options: ImportOptions): Generator<string> {
  const again = commandLine(['lms', ...words]);
  if (result.status === 'stopped') {
    yield `Stopped between two batches; nothing is half written. To go on where it stopped: ${again}`;
    return;
  }
  const [previous] = result.previousRuns;
  if (previous !== undefined) yield `This very file was imported before: lms imports show ${previous.id}`;
  if (result.rejectFile !== null) {
    const correct = commandLine(['lms', 'import', result.rejectFile, ...choicesOf(options)]);
    yield `Correct the refused rows in ${result.rejectFile}, then: ${correct}`;
  }
  if (result.dryRun) {
    const real = commandLine(['lms', ...words.filter((word) => word !== '--dry-run')]);
    yield `Nothing was written. To import: ${real}`;
  } else {
    yield `Next: lms board --product ${result.productLine}`;
  }
}
