import { type Actor, actorRef, type Clock, instantNow, type Json, LmsError } from '../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../foundation/persistence/index.js';
import type { SayingColumn } from './consents/planned-consents.js';
import { readBlocks, readConsents } from './consents/said-counts.js';
import type { ImportCounts, ImportRunStore, StoredImportRun, StoredImportStatus } from './import-run-store.js';
import type { ImportTally } from './import-tally.js';
import { isPassing, patiently } from './patience.js';
import type { ImportPlan } from './plan-import.js';

export interface RunRecorderPorts {
  readonly runs: ImportRunStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

const secondMillis = 1_000;
const noRows: ImportCounts = { rows: 0, created: 0, updated: 0, duplicates: 0, rejected: 0 };

/** Keeps the record of one run: begun, as it goes on, and how it ended. */
export class RunRecorder {
  readonly #ports: RunRecorderPorts;
  readonly #actor: Actor;
  #run: StoredImportRun;
  #savedAt = 0;
  /** Whether the last record was written is not known. */
  #isUnsure = false;
  /** Its end is in the trail: it was killed before its job was ended, too. */
  #wasTold = false;

  private constructor(ports: RunRecorderPorts, actor: Actor, run: StoredImportRun) {
    this.#ports = ports;
    this.#actor = actor;
    this.#run = run;
  }

  static async start(
    ports: RunRecorderPorts,
    actor: Actor,
    begun: { readonly id: string; readonly plan: ImportPlan },
  ): Promise<RunRecorder> {
    const earlier = await ports.runs.get(begun.id);
    if (earlier !== null) return RunRecorder.#goOn(ports, actor, earlier);
    const recorder = new RunRecorder(ports, actor, newRun(begun.id, begun.plan, { actor, clock: ports.clock }));
    await ports.unitOfWork.run('ledger', async (unit) => {
      await ports.runs.insert(unit, recorder.#run);
      await recorder.#tell(unit, 'import.started');
    });
    return recorder;
  }

  /** A try of the same run that nobody ended, or whose end was not the last word. */
  static async #goOn(ports: RunRecorderPorts, actor: Actor, earlier: StoredImportRun): Promise<RunRecorder> {
    const recorder = new RunRecorder(ports, actor, earlier);
    recorder.#wasTold = earlier.status.startsWith('completed');
    const anew = { status: 'running', counts: noRows, reasons: {}, finishedAt: null, error: null } as const;
    await patiently(() => recorder.#save(anew), undefined);
    return recorder;
  }

  get id(): string {
    return this.#run.id;
  }

  /** About once a second: a batch takes less, and each record costs a commit. */
  async update(tally: ImportTally): Promise<void> {
    const now = this.#ports.clock.now();
    if (now - this.#savedAt < secondMillis) return;
    this.#savedAt = now;
    try {
      await this.#save({ counts: tally.counts, reasons: tally.reasons });
    } catch (error) {
      // The rows are stored; what is not said now is said a second later.
      if (!isPassing(error)) throw error;
    }
  }

  async finish(
    tally: ImportTally,
    status: Exclude<StoredImportStatus, 'running'>,
    error: string | null = null,
  ): Promise<void> {
    const finishedAt = instantNow(this.#ports.clock);
    const last = { counts: tally.counts, reasons: tally.reasons, status, error, finishedAt };
    await patiently(() => this.#save(last, this.#wasTold ? undefined : 'import.finished'), undefined);
  }

  /**
   * Also where an earlier attempt took effect and its answer was lost. Of the tries of a detached import one at a time writes this record; one
   * that was cut off, and has not heard yet that another has its job, is written over.
   */
  async #save(change: Partial<StoredImportRun>, event?: string): Promise<void> {
    const { runs, unitOfWork, clock } = this.#ports;
    const stored = this.#isUnsure ? await runs.get(this.#run.id) : null;
    if (stored !== null) this.#run = stored;
    const { finishedAt } = change;
    const isDone =
      typeof finishedAt === 'string' && stored?.finishedAt === finishedAt && stored.status === change.status;
    if (isDone) return;
    const expected = this.#run.version;
    const next: StoredImportRun = { ...this.#run, ...change, aliveAt: instantNow(clock), version: expected + 1 };
    this.#isUnsure = true;
    await unitOfWork.run('ledger', async (unit) => {
      if (!(await runs.replace(unit, next, expected))) {
        throw new LmsError('STORE_CONFLICT', { message: 'the record of this import was changed by somebody else' });
      }
      if (event !== undefined) await this.#tell(unit, event, next);
    });
    this.#isUnsure = false;
    this.#run = next;
  }

  async #tell(
    unit: Parameters<EventRecorder['record']>[0],
    type: string,
    run: StoredImportRun = this.#run,
  ): Promise<void> {
    await this.#ports.events.record(unit, [
      {
        type,
        typeVersion: 1,
        aggregate: { kind: 'import', id: run.id, version: run.version },
        actor: this.#actor,
        command: 'imports.run',
        data: {
          productLine: run.productLine,
          schemaVersion: run.schemaVersion,
          fileSha256: run.fileSha256,
          status: run.status,
          counts: { ...run.counts },
        },
        sealed: null,
      },
    ]);
  }
}

function newRun(id: string, plan: ImportPlan, by: { readonly actor: Actor; readonly clock: Clock }): StoredImportRun {
  return {
    id,
    productLine: plan.schema.productLine,
    schemaVersion: plan.schema.version,
    fileName: plan.fileName,
    fileSha256: plan.fileSha256,
    fileBytes: plan.source.totalBytes,
    mapping: {
      sheet: plan.sheet,
      headerRow: plan.header.rowNumber,
      columns: plan.columns.columns.map(({ heading, field, reason, unit, dateOrder }) => ({
        heading,
        field,
        reason,
        ...(unit === undefined ? {} : { unit }),
        ...(dateOrder === undefined ? {} : { dateOrder }),
      })),
      ...saidOf(plan),
    },
    status: 'running',
    counts: noRows,
    reasons: {},
    startedAt: instantNow(by.clock),
    aliveAt: instantNow(by.clock),
    finishedAt: null,
    actor: actorRef(by.actor),
    error: null,
    version: 1,
  };
}

/** By which columns people said what they allow and forbid; nothing where they did not. */
function saidOf({ consents }: ImportPlan): { readonly consents?: Json; readonly contactBlocks?: Json } {
  const headingOf = (column: SayingColumn | null): string | null => column?.heading ?? null;
  const given = readConsents(consents).map(({ column, ...consent }) => ({ ...consent, heading: headingOf(column) }));
  const blocked = readBlocks(consents).map(({ column, ...block }) => ({ ...block, heading: headingOf(column) }));
  return {
    ...(given.length === 0 ? {} : { consents: given }),
    ...(blocked.length === 0 ? {} : { contactBlocks: blocked }),
  };
}
