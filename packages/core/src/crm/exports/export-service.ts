import { setImmediate } from 'node:timers/promises';
import type { AccessService } from '../../foundation/access/index.js';
import { type Actor, type Clock, type IdSource, LmsError, toInstant } from '../../foundation/kernel/index.js';
import {
  type ByteSink,
  beyondSheet,
  csvWriter,
  mostSheetRows,
  ndjsonWriter,
  openExportFile,
  type TableWriter,
  xlsxWriter,
} from '../../foundation/tables/index.js';
import type { LeadFilter, LeadSettings, LeadWalker } from '../leads/index.js';
import { type ExportColumn, exportColumns } from './columns/export-columns.js';
import { checkExportRequest, type ExportOptions, type ExportRequest, type ExportResult } from './export-request.js';
import { ExportTrail, shownFilter, type TrailPorts } from './export-trail.js';
import { type ExportTarget, MeasuredSink } from './target/export-target.js';
import { streamTarget } from './target/stream-target.js';

export interface ExportPorts extends TrailPorts {
  readonly access: AccessService;
  readonly walker: LeadWalker;
  readonly settings: LeadSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** An export under way. */
interface RunningExport {
  readonly actor: Actor;
  readonly filter: LeadFilter;
  readonly masked: boolean;
  readonly columns: readonly ExportColumn[];
  readonly total: number | null;
  readonly options: ExportOptions;
  readonly sink: MeasuredSink;
  readonly writer: TableWriter;
}

/**
 * Writes leads into files, in memory that does not grow with their number. Needs `leads.export`, which reaches the actor's rows
 * alone, and shows no value that `leads.read` masks for the actor. Leads come oldest first, each at most once whatever
 * changes meanwhile; leads made after it began, deleted and erased ones are left out.
 */
export class ExportService {
  readonly #ports: ExportPorts;

  constructor(ports: ExportPorts) {
    this.#ports = ports;
  }

  /**
   * Exports leads to a file, which is there when it is complete and not before, or to a stream. The audit trail has
   * `leads.export_started` before the first lead is read and `leads.exported` before the file is there; an export that was stopped
   * or failed is told as such, with the leads it had written.
   * @throws LmsError `PERMISSION_DENIED`, `INPUT_INVALID`, `LINE_NOT_FOUND`, `FIELD_UNKNOWN`, `EXPORT_FILE_EXISTS`,
   * `EXPORT_NOT_WRITTEN`, `LIMIT_EXCEEDED` beyond what a workbook holds, `COMMAND_ABORTED`
   */
  async export(actor: Actor, request: ExportRequest, options: ExportOptions = {}): Promise<ExportResult> {
    const { access, walker, clock, ids } = this.#ports;
    const allowed = await access.require(actor, 'leads.export');
    const reading = await access.require(actor, 'leads.read');
    const checked = checkExportRequest(request);
    const { filter = {}, to } = checked;
    const masked = checked.masked === true || allowed.masked || reading.masked;
    const startedAt = clock.now();
    const context = this.#ports.settings.fieldContext(startedAt);
    const schema = filter.productLine === undefined ? null : await walker.schema(filter.productLine);
    const columns = exportColumns({
      schema,
      names: checked.columns ?? null,
      headings: checked.headings ?? (checked.format === 'ndjson' ? 'key' : 'label'),
      options: checked.options ?? 'labels',
      context,
    });
    const total = await this.#countFor(actor, checked);
    const id = ids.next();
    const personalColumns = masked ? [] : columns.filter((column) => column.isPersonal).map(({ name }) => name);
    const facts = {
      productLine: filter.productLine ?? null,
      filter: shownFilter(filter, { schema, context }),
      columns: columns.map(({ name }) => name),
      personalColumns,
      masked,
      format: checked.format,
      to: 'file' in to ? ('file' as const) : ('stream' as const),
    };
    const trail = new ExportTrail(this.#ports, { actor, id, facts });
    refuseStopped(options.signal, 0);
    const target =
      'file' in to
        ? await openExportFile({ file: to.file, name: id, replace: to.replace === true, what: 'the export' })
        : streamTarget(to.stream, options.signal);
    const sink = new MeasuredSink(target);
    const writer = writerOf(checked, sink);
    const running = { actor, filter, masked, columns, total, options, sink, writer };
    const written = await this.#write(running, trail, target);
    return {
      exportId: id,
      productLine: facts.productLine,
      format: checked.format,
      columns: columns.map(({ name, heading, isPersonal }) => ({ name, heading, isPersonal })),
      ...written,
      file: 'file' in to ? to.file : null,
      masked,
      personalColumns,
      startedAt: toInstant(startedAt),
      elapsedMillis: clock.now() - startedAt,
    };
  }

  async #write(
    running: RunningExport,
    trail: ExportTrail,
    target: ExportTarget,
  ): Promise<Pick<ExportResult, 'leads' | 'bytes' | 'sha256'>> {
    const count = { leads: 0 };
    let told = false;
    try {
      await trail.begin();
      told = true;
      await this.#writeLeads(running, count);
      await target.close();
      const { bytes, sha256 } = running.sink.finish();
      await trail.end({ status: 'completed', ...count, bytes, sha256 });
      told = false;
      await target.publish();
      return { ...count, bytes, sha256 };
    } catch (error) {
      await target.discard();
      const isStop = running.options.signal?.aborted === true;
      const end = { status: isStop ? ('stopped' as const) : ('failed' as const), ...count, bytes: running.sink.bytes };
      // The first error is the one to tell; a store that is gone cannot take the record either.
      if (told) await trail.end({ ...end, sha256: null }).catch(() => undefined);
      throw isStop ? stopped(count.leads, error) : error;
    }
  }

  async #writeLeads(running: RunningExport, count: { leads: number }): Promise<void> {
    const { columns, writer, sink, options, total } = running;
    await writer.head(columns.map(({ heading }) => heading));
    for await (const page of this.#ports.walker.pages({ ...running, permission: 'leads.export' })) {
      refuseStopped(options.signal, count.leads);
      await writer.rows(page.map((viewed) => columns.map((column) => column.cell(viewed))));
      count.leads += page.length;
      options.onProgress?.({ leads: count.leads, total, bytes: sink.bytes });
      // Others get their turn between two pages.
      await setImmediate();
    }
    refuseStopped(options.signal, count.leads);
    await writer.end();
  }

  /** How many there will be; a workbook that could not hold them is refused before anything is written. */
  async #countFor(actor: Actor, { filter = {}, format }: ExportRequest): Promise<number | null> {
    const { leads, isWhole } = await this.#ports.walker.countFor({ actor, permission: 'leads.export', filter });
    if (format === 'xlsx' && leads >= mostSheetRows) throw beyondSheet('more leads', `${mostSheetRows - 1}`);
    return isWhole ? leads : null;
  }
}

function writerOf(request: ExportRequest, sink: ByteSink): TableWriter {
  if (request.format === 'csv') {
    return csvWriter(sink, { delimiter: request.delimiter ?? ',', bom: request.bom ?? true });
  }
  return request.format === 'xlsx' ? xlsxWriter(sink, { sheet: 'Leads' }) : ndjsonWriter(sink);
}

function refuseStopped(signal: AbortSignal | undefined, leads: number): void {
  if (signal?.aborted === true) throw stopped(leads, signal.reason);
}

function stopped(leads: number, cause: unknown): LmsError {
  return LmsError.isInstance(cause) && cause.code === 'COMMAND_ABORTED'
    ? cause
    : new LmsError('COMMAND_ABORTED', { message: `the export was stopped after ${leads} leads`, cause });
}
