import { setImmediate } from 'node:timers/promises';
import type { AccessService } from '../../foundation/access/index.js';
import { type Actor, type Clock, type IdSource, LmsError } from '../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../foundation/persistence/index.js';
import type { LineSchema } from '../fields/index.js';
import type { NewLead } from '../leads/index.js';
import { ClaimedValues } from './claimed-values.js';
import { digestOf } from './file-digest.js';
import type { ImportOptions, ImportRequest, ImportResult } from './import-request.js';
import type { ImportRun, ImportRunStore } from './import-run-store.js';
import { ImportTally } from './import-tally.js';
import type { LeadBatchWriter } from './lead-batch-writer.js';
import { type ImportPlan, planImport } from './plan-import.js';
import { RejectFile } from './rejects/reject-file.js';
import { reasonsText } from './row-report.js';
import { defaultRowLimits, type RowLimits, type SourceRow } from './rows/index.js';
import { unreadable } from './rows/unreadable.js';
import { RunRecorder } from './run-recorder.js';
import { type SettleContext, settleRows } from './settle-rows.js';

/** What an import needs of the product lines; FieldSchemaEngine gives it. */
export interface SchemaSource {
  /** The current schema. @throws LmsError `LINE_NOT_FOUND` */
  schema(productLine: string): Promise<LineSchema>;
}

export interface ImportPorts {
  readonly access: AccessService;
  readonly schemas: SchemaSource;
  readonly leads: LeadBatchWriter;
  readonly runs: ImportRunStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export interface ImportSettings {
  readonly limits?: Partial<RowLimits>;
  /** Rows a transaction; 100 when absent: checking and sealing them takes some 20 ms, in which nobody else has a turn. */
  readonly batchSize?: number;
}

export interface ImportListQuery {
  readonly productLine?: string;
  /** Runs before the one with this id. */
  readonly after?: string;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

/**
 * Reads leads from csv and xlsx files. A dry run and a real run go the same way, so they give the same verdicts and counts;
 * a row is a lead, a duplicate or rejected, and `rows = created + duplicates + rejected`.
 *
 * Rows are written in batches, each in one transaction, with an idempotency key of file, choices and row number: a run that
 * was stopped or killed is repeated by the same call, and makes no row twice for 24 hours. A duplicate (a unique value
 * that a lead or an earlier row holds) is skipped and named in the result, not in the reject file: there is nothing to mend.
 * A dry run remembers the unique values it gave away, as keyed hashes.
 */
export class ImportService {
  readonly #ports: ImportPorts;
  readonly #limits: RowLimits;
  readonly #batchSize: number;

  constructor(ports: ImportPorts, settings: ImportSettings = {}) {
    this.#ports = ports;
    this.#limits = { ...defaultRowLimits, ...settings.limits };
    this.#batchSize = settings.batchSize ?? 100;
  }

  /**
   * Imports a file, or with `dryRun` says what would happen.
   * @throws LmsError `PERMISSION_DENIED`, `LINE_NOT_FOUND`, `IMPORT_FILE_UNREADABLE`, `IMPORT_HEADER_NOT_FOUND`,
   * `IMPORT_MAPPING_INVALID`, `LIMIT_EXCEEDED`, `USAGE_INVALID`, `COMMAND_ABORTED` while the file is being checked; what is thrown after the first batch leaves the leads made
   * so far, and a run with status `failed`
   */
  async run(actor: Actor, request: ImportRequest, options: ImportOptions = {}): Promise<ImportResult> {
    await this.#ports.access.require(actor, 'leads.import');
    const startedAt = this.#ports.clock.now();
    const schema = await this.#ports.schemas.schema(request.productLine);
    const plan = await this.#plan(request, schema, options.signal);
    const previousRuns = await this.#ports.runs.ofFile(request.productLine, plan.fileSha256);
    const id = this.#ports.ids.next<'import'>();
    const rejects = await this.#rejectFile(request, plan, id);
    const run = request.dryRun === true ? null : await RunRecorder.start(this.#ports, actor, { id, plan });
    const tally = new ImportTally();
    const context = settleContext(this.#ports.leads, { actor, request, plan, runId: id });
    try {
      const stopped = await this.#takeRows({ plan, context, tally, run, rejects, options, startedAt });
      const rejectFile = (await rejects?.finish()) ?? null;
      const status = stopped ? 'stopped' : tally.counts.rejected > 0 ? 'completed_with_rejects' : 'completed';
      await run?.finish(tally, status);
      return this.#result({ plan, request, tally, run, rejectFile, previousRuns, status, startedAt });
    } catch (error) {
      await rejects?.discard();
      // The first error is the one to tell; a store that is down cannot take the record either.
      await run?.finish(tally, 'failed', failureText(error)).catch(() => undefined);
      throw error;
    }
  }

  /** Runs, newest first. */
  async list(actor: Actor, query: ImportListQuery = {}): Promise<readonly ImportRun[]> {
    await this.#ports.access.require(actor, 'imports.read');
    const limit = Math.min(200, Math.max(1, Math.trunc(query.limit ?? 50)));
    return this.#ports.runs.list({ ...query, limit });
  }

  /** @throws LmsError `IMPORT_NOT_FOUND` */
  async get(actor: Actor, id: string): Promise<ImportRun> {
    await this.#ports.access.require(actor, 'imports.read');
    const run = await this.#ports.runs.get(id);
    if (run !== null) return run;
    throw new LmsError('IMPORT_NOT_FOUND', { message: `there is no import ${JSON.stringify(id.slice(0, 60))}` });
  }

  async #plan(request: ImportRequest, schema: LineSchema, signal: AbortSignal | undefined): Promise<ImportPlan> {
    try {
      return await planImport(request, schema, {
        limits: this.#limits,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted !== true) throw cause;
      throw new LmsError('COMMAND_ABORTED', { message: 'the import was stopped before its first row', cause });
    }
  }

  /** Takes the rows below the header, batch by batch. @returns true when it was stopped by the signal */
  async #takeRows(work: RunningImport): Promise<boolean> {
    const { plan, options } = work;
    let batch: SourceRow[] = [];
    let rows = 0;
    for await (const row of plan.source.rows({ sheet: plan.sheet })) {
      if (row.rowNumber <= plan.header.rowNumber) continue;
      rows += 1;
      batch.push(row);
      if (batch.length < this.#batchSize) continue;
      if (options.signal?.aborted === true) return true;
      await this.#takeBatch(batch, work);
      batch = [];
    }
    if (options.signal?.aborted === true) return true;
    if (batch.length > 0) await this.#takeBatch(batch, work);
    if (rows > 0) return false;
    throw unreadable(`The file has no rows below its header (row ${plan.header.rowNumber}).`, {
      path: `row ${plan.header.rowNumber + 1}`,
    });
  }

  async #takeBatch(rows: readonly SourceRow[], work: RunningImport): Promise<void> {
    const reports = await settleRows(rows, work.context);
    for (const [at, report] of reports.entries()) {
      work.tally.add(report);
      if (report === null) continue;
      work.options.onRow?.(report);
      const row = rows[at];
      if (report.outcome === 'rejected' && row !== undefined) await work.rejects?.add(row, reasonsText(report));
    }
    await work.run?.update(work.tally);
    work.options.onProgress?.({
      ...work.tally.counts,
      bytesRead: Math.min(work.plan.source.bytesRead(), work.plan.source.totalBytes),
      totalBytes: work.plan.source.totalBytes,
      rowsPerSecond: perSecond(work.tally.counts.rows, this.#ports.clock.now() - work.startedAt),
    });
    // Others get their turn between two batches.
    await setImmediate();
  }

  async #rejectFile(request: ImportRequest, plan: ImportPlan, runName: string): Promise<RejectFile | null> {
    if (request.rejectFile === undefined) return null;
    return RejectFile.prepare({
      file: request.rejectFile,
      input: request.file,
      form: plan.source.form,
      headings: plan.header.headings,
      runName,
    });
  }

  #result(done: FinishedImport): ImportResult {
    const { plan, request, tally, run } = done;
    return {
      runId: run?.id ?? null,
      dryRun: request.dryRun === true,
      status: done.status,
      counts: tally.counts,
      reasons: tally.reasons,
      firstRejects: tally.firstRejects,
      firstDuplicates: tally.firstDuplicates,
      productLine: plan.schema.productLine,
      schemaVersion: plan.schema.version,
      fileName: plan.fileName,
      fileSha256: plan.fileSha256,
      form: plan.source.form,
      sheet: plan.sheet,
      headerRow: plan.header.rowNumber,
      ...plan.columns,
      rejectFile: done.rejectFile,
      previousRuns: done.previousRuns,
      elapsedMillis: this.#ports.clock.now() - done.startedAt,
    };
  }
}

interface RunningImport {
  readonly plan: ImportPlan;
  readonly context: SettleContext;
  readonly tally: ImportTally;
  readonly run: RunRecorder | null;
  readonly rejects: RejectFile | null;
  readonly options: ImportOptions;
  readonly startedAt: number;
}

interface FinishedImport extends Pick<RunningImport, 'plan' | 'tally' | 'run' | 'startedAt'> {
  readonly request: ImportRequest;
  readonly rejectFile: string | null;
  readonly previousRuns: readonly ImportRun[];
  readonly status: ImportResult['status'];
}

/** What all rows of a run share. The key prefix holds every choice that changes what a row becomes. */
function settleContext(
  leads: LeadBatchWriter,
  begun: { readonly actor: Actor; readonly request: ImportRequest; readonly plan: ImportPlan; readonly runId: string },
): SettleContext {
  const { request, plan } = begun;
  const origin: Omit<NewLead, 'fields'> = {
    productLine: request.productLine,
    source: request.source ?? 'import',
    ...(request.channel === undefined ? {} : { channel: request.channel }),
    ...(request.campaign === undefined ? {} : { campaign: request.campaign }),
    ...(request.dateOrder === undefined ? {} : { dateOrder: request.dateOrder }),
  };
  const choices = digestOf({
    file: plan.fileSha256,
    sheet: plan.sheet,
    columns: plan.columns.columns.map(({ index, field }) => [index, field]),
    productLine: request.productLine,
    source: request.source ?? null,
    channel: request.channel ?? null,
    campaign: request.campaign ?? null,
    dateOrder: request.dateOrder ?? null,
    again: request.again === true ? begun.runId : null,
  });
  return {
    leads,
    actor: begun.actor,
    schema: plan.schema,
    columns: plan.columns.columns,
    width: plan.header.headings.length,
    origin,
    keyPrefix: `import:${choices}`,
    dryRun: request.dryRun === true ? new ClaimedValues() : null,
  };
}

function failureText(error: unknown): string {
  return LmsError.isInstance(error) ? `${error.code}: ${error.message}` : 'INTERNAL';
}

function perSecond(rows: number, millis: number): number {
  return millis <= 0 ? 0 : Math.round((rows * 1000) / millis);
}
