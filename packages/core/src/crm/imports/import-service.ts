import { basename } from 'node:path';
import type { AccessService, Principal } from '../../foundation/access/index.js';
import { type Actor, type Clock, type IdSource, LmsError } from '../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../foundation/persistence/index.js';
import type { ConsentRules } from '../../foundation/privacy/index.js';
import type { LineSchema } from '../fields/index.js';
import type { LeadIntake, LeadService, LineDefinition } from '../leads/index.js';
import type { BatchSource } from './batches/open-batches.js';
import { consentReading, withWordings } from './consents/reading-of-plan.js';
import type { ContinuedRun, SharedPart } from './continued-run.js';
import type { ImportOrder } from './import-order.js';
import { type ImportPreview, shownPlan } from './import-preview.js';
import type { ImportOptions, ImportRequest, ImportResult } from './import-request.js';
import type { ImportRun, ImportRunStore } from './import-run-store.js';
import { type ImportListQuery, ImportRuns } from './import-runs.js';
import { type CheckedImportSettings, checkedSettings, type ImportSettings } from './import-settings.js';
import { originOf, sourceName } from './import-source.js';
import { checkRejectPlace } from './open-rejects.js';
import { type ImportPlan, planImport } from './plan-import.js';
import type { ImportReceiptStore } from './receipts/import-receipt-store.js';
import { ReceiptBook } from './receipts/receipt-book.js';
import { requireImporting } from './require-importing.js';
import { runPlanned } from './run-planned.js';
import { takeAhead } from './take-ahead.js';
import { unfedFields } from './unfed-fields.js';

/** What an import needs of the product lines; FieldSchemaEngine gives it. */
export interface SchemaSource {
  /** The current schema. @throws LmsError `LINE_NOT_FOUND` */
  schema(productLine: string): Promise<LineSchema>;
}

export interface ImportPorts {
  readonly access: AccessService;
  readonly schemas: SchemaSource;
  readonly leads: Pick<LeadService, 'intake'>;
  readonly termsReader: ConsentRules['termsReader'];
  readonly runs: ImportRunStore;
  readonly receipts: ImportReceiptStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Whether clock and randomness are the machine's own, which a thread has too. */
  readonly mayUseThread: boolean;
}

/**
 * Reads leads from files. A dry run and a real run go the same way, so they give the same verdicts and counts; a row is a lead,
 * updated one, is a duplicate or rejected, and the four add up to the rows.
 *
 * Rows are written in batches, each in one transaction together with a receipt that names the rows taken: a run that was
 * stopped or killed is repeated by the same call, and no row of the same file is taken twice, whenever it comes again and
 * however many processes import it at once. A duplicate (a unique value that a lead or an earlier row holds) is skipped and
 * named in the result, not in the reject file: there is nothing to mend. A dry run remembers the unique values it gave away,
 * as keyed hashes. Larger files are read, checked and sealed on a thread of their own.
 */
export class ImportService {
  readonly #ports: ImportPorts;
  readonly #settings: CheckedImportSettings;
  readonly #runs: ImportRuns;

  /** @throws LmsError `CONFIG_INVALID` */
  constructor(ports: ImportPorts, settings: ImportSettings = {}) {
    this.#ports = ports;
    this.#settings = checkedSettings(settings);
    this.#runs = new ImportRuns(ports);
  }

  /** How many workers share a detached import. */
  get workers(): number {
    return this.#settings.workers;
  }

  /**
   * Opens a file and says how it would be read; takes no row.
   * @throws LmsError as {@link run} does before its first row, but for `IMPORT_COLUMN_MISSING`, which `refused` tells
   */
  async plan(
    actor: Actor,
    request: ImportRequest,
    options: Pick<ImportOptions, 'signal'> = {},
  ): Promise<ImportPreview> {
    const principal = await requireImporting(this.#ports.access, actor, request);
    const plan = await this.#plan(request, options.signal);
    try {
      return {
        ...shownPlan(plan),
        sheets: plan.source.sheets,
        refused: unfedFields(plan, request.duplicates ?? 'skip')?.message ?? null,
        previousRuns: await this.#runsOfFile(plan, principal),
      };
    } finally {
      await plan.source.close();
    }
  }

  /**
   * Checks all that {@link run} checks before its first row, and decides how a worker is to go about the file.
   * @throws LmsError as {@link run} does before its first row
   */
  async order(actor: Actor, request: ImportRequest): Promise<ImportOrder> {
    await requireImporting(this.#ports.access, actor, request);
    originOf(request);
    const plan = await this.#plan(request, undefined);
    try {
      requireFed(request, plan);
      requireSameFile(request, plan);
      await checkRejectPlace(request);
      const { fileSha256, sheet, header, source } = plan;
      const place = {
        ...(source.form.format === 'xlsx' ? { sheet } : {}),
        ...(source.form.format === 'ndjson' ? {} : { headerRow: header.rowNumber }),
      };
      return this.#orderOf({ ...withWordings(request, plan.consents), fileSha256, ...place }, plan);
    } finally {
      await plan.source.close();
    }
  }

  /**
   * Imports a file, or with `dryRun` says what would happen.
   * @throws LmsError `PERMISSION_DENIED`, `LINE_NOT_FOUND`, `IMPORT_FILE_UNREADABLE`, `IMPORT_HEADER_NOT_FOUND`,
   * `IMPORT_MAPPING_INVALID`, `IMPORT_COLUMN_MISSING`, `LIMIT_EXCEEDED`, `USAGE_INVALID`, `REJECT_FILE_EXISTS`, `IMPORT_FILE_OTHER`,
   * `COMMAND_ABORTED` while the file is being checked, as `consents.give` for the consents of the file; what is thrown after the first batch leaves the leads made
   * so far, and a run with status `failed`
   */
  run(actor: Actor, request: ImportRequest, options: ImportOptions = {}): Promise<ImportResult> {
    return this.#run(actor, request, { options, continued: null });
  }

  /**
   * {@link run} for a worker: all tries are one run, which goes on where the try before it was killed or stopped. Its counts and its reject
   * file are those of the whole file, whoever took its rows. Refused rows never replace a file, unless that is said: they are written beside
   * it.
   * @throws LmsError as {@link run}
   */
  goOn(actor: Actor, continued: ContinuedRun, options: ImportOptions = {}): Promise<ImportResult> {
    return this.#run(actor, continued.order.request, { options, continued });
  }

  /**
   * Takes rows of a part of the file in the name of a run that another worker does, ahead of it; what the run says is the same without it.
   * @returns how many rows it took; none where the line was published and its columns would be read otherwise by now
   * @throws LmsError as {@link run} does before its first row; `COMMAND_ABORTED` when it is stopped
   */
  async share(actor: Actor, { order, part, signal, onTaken }: SharedPart): Promise<number> {
    const { request, run, source: name, rowsABatch } = order;
    await requireImporting(this.#ports.access, actor, request);
    const intake = await this.#ports.leads.intake(actor, request.productLine);
    const plan = await this.#plan(request, signal);
    try {
      requireSameFile(request, plan);
      if (sourceName(request, plan, run, rowsABatch) !== name) return 0;
      const receipts = new ReceiptBook(this.#ports.receipts, { source: name, run }, this.#ports.clock);
      const source = this.#batchSource({ order, plan, receipts, intake, line: await intake.line() });
      return await takeAhead(source, { intake, receipts, part, signal, onTaken });
    } finally {
      await plan.source.close();
    }
  }

  async #run(actor: Actor, request: ImportRequest, { options, continued }: Way): Promise<ImportResult> {
    const principal = await requireImporting(this.#ports.access, actor, request);
    const startedAt = this.#ports.clock.now();
    originOf(request);
    const intake = await this.#ports.leads.intake(actor, request.productLine);
    const plan = await this.#plan(request, options.signal);
    try {
      requireFed(request, plan);
      requireSameFile(request, plan);
      const order = continued?.order ?? this.#orderOf(request, plan);
      const { run, source } = order;
      const receipts = new ReceiptBook(this.#ports.receipts, { source, run }, this.#ports.clock);
      return await runPlanned(this.#ports, {
        actor: principal.actor,
        order,
        plan,
        intake,
        receipts,
        startedAt,
        previousRuns: await this.#runsOfFile(plan, principal),
        options,
        continued,
        source: async () => this.#batchSource({ order, plan, receipts, intake, line: await intake.line() }),
      });
    } finally {
      await plan.source.close();
    }
  }

  /** Runs, newest first: everybody's, or where the scope is a team those of the actor and of who shares a team with it. */
  list(actor: Actor, query: ImportListQuery = {}): Promise<readonly ImportRun[]> {
    return this.#runs.list(actor, query);
  }

  /** @throws LmsError `IMPORT_NOT_FOUND`, also for a run that {@link list} does not give to the actor */
  get(actor: Actor, id: string): Promise<ImportRun> {
    return this.#runs.get(actor, id);
  }

  async #plan(request: ImportRequest, signal: AbortSignal | undefined): Promise<ImportPlan> {
    const schema = await this.#ports.schemas.schema(request.productLine);
    try {
      return await planImport(request, schema, {
        limits: this.#settings.limits,
        consentTimes: { terms: this.#ports.termsReader(), now: this.#ports.clock.now() },
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted !== true) throw cause;
      throw new LmsError('COMMAND_ABORTED', { message: 'the import was stopped before its first row', cause });
    }
  }

  #runsOfFile({ schema, fileSha256 }: ImportPlan, principal: Principal): Promise<readonly ImportRun[]> {
    return this.#runs.ofFile(principal, { productLine: schema.productLine, fileSha256 });
  }

  #orderOf(request: ImportRequest, plan: ImportPlan): ImportOrder {
    const run = this.#ports.ids.next<'import'>();
    const { batchSize: rowsABatch } = this.#settings;
    return { request, run, source: sourceName(request, plan, run, rowsABatch), rowsABatch };
  }

  #batchSource(begun: {
    readonly order: ImportOrder;
    readonly plan: ImportPlan;
    readonly receipts: ReceiptBook;
    readonly intake: LeadIntake;
    readonly line: LineDefinition;
  }): BatchSource {
    const { order, plan, receipts, intake, line } = begun;
    const { request, rowsABatch } = order;
    const { limits, thread } = this.#settings;
    return {
      file: request.file,
      source: plan.source,
      limits,
      sheet: plan.sheet,
      headerRow: plan.header.rowNumber,
      rowsABatch,
      line,
      settings: {
        columns: plan.columns.columns,
        width: plan.header.headings.length,
        origin: originOf(request, plan.columns.columns),
        author: intake.author,
        consents: consentReading(plan, intake),
        taken: receipts.taken.bits,
      },
      mayUseThread: thread && this.#ports.mayUseThread,
      now: () => this.#ports.clock.now(),
    };
  }
}

interface Way {
  readonly options: ImportOptions;
  /** null where there is one try. */
  readonly continued: ContinuedRun | null;
}

function requireFed({ duplicates = 'skip' }: ImportRequest, plan: ImportPlan): void {
  const unfed = unfedFields(plan, duplicates);
  if (unfed !== null) throw unfed;
}

function requireSameFile({ file, fileSha256 }: ImportRequest, plan: ImportPlan): void {
  if (fileSha256 === undefined || fileSha256 === plan.fileSha256) return;
  throw new LmsError('IMPORT_FILE_OTHER', {
    message: `${basename(file)} is not the file that was to be imported: its content is another`,
    path: file,
  });
}
