import { z } from 'zod';
import { type Actor, checkInput, type IdSource, type Json, LmsError } from '../kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../persistence/index.js';
import {
  csvWriter,
  type ExportFile,
  jsonLine,
  openExportFile,
  type TableCell,
  type TableWriter,
  textCell,
} from '../tables/index.js';
import type { AuditChainStore, ChainRow } from './audit-chain-store.js';
import { payloadTextOf } from './audit-row.js';

export const trailExportFormats = ['ndjson', 'csv'] as const;
export type TrailExportFormat = (typeof trailExportFormats)[number];

export interface TrailExportRequest {
  readonly file: string;
  /** Replaces a file of this name. */
  readonly replace?: boolean;
  /** `ndjson` holds what an outsider needs to make every hash anew; `csv` is for reading in a spreadsheet. */
  readonly format: TrailExportFormat;
  /** The first position; 1 when absent. */
  readonly from?: number;
  /** The last; the end of the sealed trail when absent. */
  readonly to?: number;
}

export interface TrailExportOptions {
  /** Stops between two pages; no file is left then. */
  readonly signal?: AbortSignal;
  /** After each page of at most 500 rows. */
  readonly onProgress?: (progress: { readonly rows: number }) => void;
}

export interface ExportedTrail {
  /** Names the export in the trail. */
  readonly exportId: string;
  readonly file: string;
  readonly format: TrailExportFormat;
  readonly rows: number;
}

export interface TrailExportPorts {
  readonly chain: AuditChainStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly ids: IdSource;
}

const rowsAPage = 500;
const position = z.int().min(1);
const requestShape: z.ZodType<TrailExportRequest> = z.strictObject({
  file: z.string().min(1),
  replace: z.boolean().exactOptional(),
  format: z.enum(trailExportFormats),
  from: position.exactOptional(),
  to: position.exactOptional(),
});

/**
 * Writes the sealed rows, by position, with their hashes into a file for its owner only, which has its name when it is whole. The trail
 * itself has `audit.export_started` before the first row leaves and `audit.exported` before the file is there.
 * @throws LmsError `INPUT_INVALID`, `EXPORT_FILE_EXISTS`, `EXPORT_NOT_WRITTEN`, `COMMAND_ABORTED`
 */
export async function exportTrail(
  ports: TrailExportPorts,
  { actor, request }: { readonly actor: Actor; readonly request: TrailExportRequest },
  options: TrailExportOptions,
): Promise<ExportedTrail> {
  const {
    file,
    format,
    replace = false,
    from = 1,
    to,
  } = checkInput(requestShape, request, 'the trail cannot be exported');
  const target = ports.ids.next();
  const newFile = await openExportFile({ file, name: target, replace, what: 'the trail' });
  const facts = { format, from, to: to ?? null };
  const tell = (type: 'audit.export_started' | 'audit.exported', data: Readonly<Record<string, Json>>): Promise<void> =>
    tellTrail(ports, { actor, exportId: target, type, data: { ...facts, ...data } });
  let told = false;
  const count = { rows: 0 };
  try {
    await tell('audit.export_started', {});
    told = true;
    await writeRows(ports.chain, { from, to: to ?? Number.MAX_SAFE_INTEGER, newFile, format, count }, options);
    await newFile.close();
    await tell('audit.exported', { status: 'completed', ...count });
    told = false;
    await newFile.publish();
    return { exportId: target, file, format, ...count };
  } catch (error) {
    await newFile.discard();
    const status = options.signal?.aborted === true ? 'stopped' : 'failed';
    // The first error is the one to tell; a store that is gone cannot take the record either.
    if (told) await tell('audit.exported', { status, ...count }).catch(() => undefined);
    throw error;
  }
}

interface Writing {
  readonly from: number;
  readonly to: number;
  readonly newFile: ExportFile;
  readonly format: TrailExportFormat;
  readonly count: { rows: number };
}

async function writeRows(
  chain: AuditChainStore,
  { from, to, newFile, format, count }: Writing,
  { signal, onProgress }: TrailExportOptions,
): Promise<void> {
  const writer = format === 'csv' ? csvWriter(newFile, { delimiter: ',', bom: true }) : null;
  await writer?.head(csvColumns.map(({ heading }) => heading));
  // Rows that were put before the first are told too: an export shows what there is.
  for (let after = from === 1 ? Number.MIN_SAFE_INTEGER : from - 1; ; ) {
    if (signal?.aborted === true) {
      throw new LmsError('COMMAND_ABORTED', { message: `the export was stopped after ${count.rows} rows` });
    }
    const page = await chain.rows(after, rowsAPage);
    const wanted = page.filter((row) => row.position <= to);
    await writePage(writer, newFile, wanted);
    count.rows += wanted.length;
    onProgress?.({ rows: count.rows });
    const last = page.at(-1);
    if (last === undefined || wanted.length < rowsAPage) break;
    after = last.position;
  }
  await writer?.end();
}

async function writePage(writer: TableWriter | null, newFile: ExportFile, rows: readonly ChainRow[]): Promise<void> {
  if (writer !== null) await writer.rows(rows.map((row) => csvColumns.map(({ cell }) => cell(row))));
  else await newFile.write(Buffer.from(rows.map(ndjsonLine).join(''), 'utf8'));
}

/** `payload` is the very text that `payloadHash` is the SHA-256 of; null where the row cannot be read any more. */
function ndjsonLine({ position: at, payload, payloadHash, prevHash, chainHash }: ChainRow): string {
  const text = payload && payloadTextOf(payload);
  return jsonLine([
    `"position":${at}`,
    `"payload":${JSON.stringify(text)}`,
    `"payloadHash":${JSON.stringify(payloadHash)}`,
    `"prevHash":${JSON.stringify(prevHash)}`,
    `"chainHash":${JSON.stringify(chainHash)}`,
  ]);
}

interface CsvColumn {
  readonly heading: string;
  readonly cell: (row: ChainRow) => TableCell;
}

const csvColumns: readonly CsvColumn[] = [
  { heading: 'position', cell: (row) => ({ kind: 'number', text: String(row.position), style: 'whole' }) },
  { heading: 'id', cell: ({ id }) => textCell(id) },
  { heading: 'at', cell: ({ payload }) => textCell(payload?.at) },
  { heading: 'actor', cell: ({ payload }) => textCell(payload?.actor) },
  { heading: 'host', cell: ({ payload }) => textCell(payload?.via?.host) },
  { heading: 'operatingSystemUser', cell: ({ payload }) => textCell(payload?.via?.operatingSystemUser) },
  { heading: 'command', cell: ({ payload }) => textCell(payload?.command) },
  { heading: 'eventType', cell: ({ payload }) => textCell(payload?.eventType) },
  { heading: 'aggregateKind', cell: ({ payload }) => textCell(payload?.aggregate.kind) },
  { heading: 'aggregateId', cell: ({ payload }) => textCell(payload?.aggregate.id) },
  { heading: 'changes', cell: ({ payload }) => textCell(payload && JSON.stringify(payload.changes)) },
  { heading: 'payloadHash', cell: ({ payloadHash }) => textCell(payloadHash) },
  { heading: 'prevHash', cell: ({ prevHash }) => textCell(prevHash) },
  { heading: 'chainHash', cell: ({ chainHash }) => textCell(chainHash) },
];

interface ExportFact {
  readonly actor: Actor;
  readonly exportId: string;
  readonly type: 'audit.export_started' | 'audit.exported';
  readonly data: Readonly<Record<string, Json>>;
}

async function tellTrail(
  { unitOfWork, events }: TrailExportPorts,
  { actor, exportId, type, data }: ExportFact,
): Promise<void> {
  const draft = {
    type,
    typeVersion: 1,
    aggregate: { kind: 'export', id: exportId, version: type === 'audit.exported' ? 2 : 1 },
    actor,
    command: 'audit.export',
    data,
    sealed: null,
  };
  await unitOfWork.run('ledger', async (unit) => {
    await events.record(unit, [draft]);
  });
}
