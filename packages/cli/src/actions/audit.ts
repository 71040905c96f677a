import { extname, resolve } from 'node:path';
import {
  type AuditListQuery,
  type AuditRow,
  type PublishedHead,
  type TrailExportFormat,
  trailExportFormats,
  unsealedText,
  type VerifiedTrail,
} from '@lms/core';
import { isId, LmsError } from '@lms/core/kernel';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { parseDay } from '../input/day.js';
import { nameOfNewFile } from '../input/new-file.js';
import { oneOf } from '../input/one-of.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface AuditListOptions {
  readonly lead?: string;
  readonly by?: string;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface AuditVerifyOptions {
  readonly from?: number;
  readonly to?: number;
  readonly head?: string;
}

export interface AuditExportOptions {
  readonly from?: number;
  readonly to?: number;
  readonly format?: string;
  readonly replace?: true;
}

export async function listTrail(session: Session, options: AuditListOptions): Promise<void> {
  const { me, output, format } = session;
  const { rows, next } = await me.audit.list(await queryOf(session, options));
  output.answer({ items: rows, nextCursor: next }, () =>
    rows.length === 0
      ? ''
      : table(
          rows,
          [
            { heading: 'When', cell: (row) => format.time(row.at), importance: 4 },
            { heading: 'Who', cell: (row) => row.actor, minimum: 8, importance: 3 },
            { heading: 'What', cell: (row) => row.eventType, minimum: 12, importance: 5 },
            { heading: 'Of', cell: aggregateOf, minimum: 12, importance: 2 },
            { heading: 'Changes', cell: (row) => JSON.stringify(row.changes), minimum: 12, importance: 1 },
            { heading: 'Position', cell: (row) => (row.position === null ? '' : String(row.position)), align: 'right' },
          ],
          output,
        ),
  );
  if (rows.length === 0) output.say('Nothing in the trail matches.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function showHead({ me, output, format }: Session): Promise<void> {
  const head = await me.audit.head();
  output.answer({ head }, () => (head === null ? '' : `${head.position}:${head.chainHash}`));
  if (head === null) output.say('Nothing is sealed yet: lms audit seal');
  else
    output.say(
      `Sealed at ${format.time(head.at)}. Publish it elsewhere; later: lms audit verify --head ${head.position}:${head.chainHash}`,
    );
}

/** Ctrl-C stops between two pages and tells what was found until then. */
export async function verifyTrail(session: Session, { from, to, head }: AuditVerifyOptions): Promise<ExitCode> {
  const { me, output, signal } = session;
  const request = {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(head === undefined ? {} : { head: headOf(head) }),
  };
  const verified = await me.audit.verify(request, {
    signal,
    onProgress: ({ rows, total }) => output.progress.show(`${rows} of ${total} rows verified`),
  });
  output.progress.clear();
  const { trail } = await session.lms.health();
  const waiting = { unsealed: trail.unsealed, unsealedForMillis: trail.unsealedForMillis };
  output.answer({ ...verified, ...waiting }, () => verifiedText(session, verified));
  if (trail.unsealed > 0) {
    output.say(`${unsealedText(trail.unsealed)} rows are not sealed yet, and not verified: lms audit seal`);
  }
  if (verified.findings.length > 0) return exitCodes.doneWithRejects;
  return verified.finished ? exitCodes.ok : exitCodes.stopped;
}

/** Ctrl-C leaves no file behind. */
export async function exportTrail(
  { me, output, signal }: Session,
  file: string,
  options: AuditExportOptions,
): Promise<void> {
  const target = nameOfNewFile(file, { place: 'file', example: 'trail.ndjson' });
  const format =
    options.format === undefined ? formatOf(target) : oneOf(options.format, trailExportFormats, '--format');
  const exported = await me.audit.export(
    {
      file: resolve(target),
      format,
      ...(options.replace === true ? { replace: true } : {}),
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(options.to === undefined ? {} : { to: options.to }),
    },
    { signal, onProgress: ({ rows }) => output.progress.show(`${rows} rows`) },
  );
  output.progress.clear();
  output.answer(exported, () => `Exported ${exported.rows} rows to ${printable(target)}`);
}

export async function sealTrail({ me, output, signal }: Session): Promise<ExitCode> {
  let sealed = 0;
  for (;;) {
    const round = await me.audit.seal();
    sealed += round.sealed;
    output.progress.show(`${sealed} rows sealed`);
    if (round.sealed === 0 || signal.aborted) {
      output.answer({ sealed, busy: round.busy }, () => `${sealed} rows sealed`);
      if (round.busy) output.say('Another process is sealing the rest.');
      return signal.aborted ? exitCodes.stopped : exitCodes.ok;
    }
  }
}

function verifiedText({ output }: Session, { findings, counts, rows, finished, head }: VerifiedTrail): string {
  const looked = `${rows} rows verified${head === null ? '' : `, sealed up to position ${head.position}`}`;
  const ended = finished ? looked : `${looked}; stopped before the end`;
  if (findings.length === 0) return finished ? `${ended}: all as they were sealed` : ended;
  const found = table(
    findings,
    [
      { heading: 'Found', cell: ({ kind }) => kind, importance: 4 },
      { heading: 'Position', cell: ({ position, to }) => rangeText(position, to), align: 'right', importance: 3 },
      { heading: 'Row', cell: ({ id }) => id ?? '', importance: 2 },
      { heading: 'What', cell: ({ message }) => printable(message), minimum: 20, importance: 5 },
    ],
    output,
  );
  const kinds = Object.entries(counts).filter(([, count]) => count > 0);
  return [found, `${ended}: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}`].join('\n');
}

function rangeText(position: number, to: number | undefined): string {
  return to === undefined || to === position ? String(position) : `${position}-${to}`;
}

function formatOf(file: string): TrailExportFormat {
  return extname(file).toLowerCase() === '.csv' ? 'csv' : 'ndjson';
}

function aggregateOf({ aggregate }: AuditRow): string {
  return `${aggregate.kind} ${aggregate.id}`;
}

function headOf(text: string): PublishedHead {
  const [, position, chainHash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (position !== undefined && chainHash !== undefined && Number(position) > 0) {
    return { position: Number(position), chainHash };
  }
  const message = `--head is a position, a colon and 64 hexadecimal digits, as lms audit head prints them, not "${text}"`;
  throw new LmsError('USAGE_INVALID', { message, path: '--head' });
}

async function queryOf({ me, timeZone }: Session, options: AuditListOptions): Promise<AuditListQuery> {
  const { lead, by, type, from, to, limit, cursor } = options;
  return {
    limit,
    ...(lead === undefined
      ? {}
      : { aggregateKind: 'lead', aggregateId: isId(lead) ? lead : (await me.leads.get(lead)).id }),
    ...(by === undefined ? {} : { actor: by.includes(':') ? by : `user:${by}` }),
    ...(type === undefined ? {} : { eventType: type }),
    ...(from === undefined ? {} : { from: parseDay(from, { flag: '--from', edge: 'from', timeZone }) }),
    ...(to === undefined ? {} : { to: parseDay(to, { flag: '--to', edge: 'to', timeZone }) }),
    ...(cursor === undefined ? {} : { after: cursor }),
  };
}
