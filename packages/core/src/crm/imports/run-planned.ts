import { type Actor, type Clock, type IdSource, LmsError } from '../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../foundation/persistence/index.js';
import type { LeadIntake } from '../leads/index.js';
import type { BatchSource } from './batches/open-batches.js';
import { checkedBatches } from './check-batches.js';
import { readBlocks, readConsents } from './consents/said-counts.js';
import type { ContinuedRun } from './continued-run.js';
import type { ImportOrder } from './import-order.js';
import { shownPlan } from './import-preview.js';
import type { ImportOptions, ImportResult } from './import-request.js';
import type { ImportRun, ImportRunStore } from './import-run-store.js';
import { ImportTally } from './import-tally.js';
import { ImportWork } from './import-work.js';
import { openRejects } from './open-rejects.js';
import { stoppedError } from './patience.js';
import type { ImportPlan } from './plan-import.js';
import type { ReceiptBook } from './receipts/receipt-book.js';
import { RunRecorder } from './run-recorder.js';
import { storedBatches } from './store-batches.js';

export interface RunPorts {
  readonly runs: ImportRunStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A run whose file is open, and may be imported. */
export interface PlannedRun {
  readonly actor: Actor;
  readonly order: ImportOrder;
  readonly plan: ImportPlan;
  readonly intake: LeadIntake;
  /** In the name of the run. */
  readonly receipts: ReceiptBook;
  readonly startedAt: number;
  readonly previousRuns: readonly ImportRun[];
  readonly options: ImportOptions;
  /** null where there is one try. */
  readonly continued: ContinuedRun | null;
  /** Asked for once, when the receipts are read. */
  readonly source: () => Promise<BatchSource>;
}

/** Takes the rows of a file, or with `dryRun` says what would become of them. @throws LmsError as `ImportService.run` */
export async function runPlanned(ports: RunPorts, planned: PlannedRun): Promise<ImportResult> {
  const { actor, order, plan, intake, receipts, startedAt, previousRuns, options, continued } = planned;
  const { request, run: id } = order;
  const { unitOfWork, clock, ids } = ports;
  const isHandedOn = (): boolean => continued?.isHandedOn() === true;
  await receipts.load();
  const rejects = await openRejects(request, plan, {
    otherwise: continued === null ? 'refuses' : 'is-kept',
    runName: id,
    ...(continued === null ? {} : { tryName: ids.next<'import'>() }),
  });
  const run = request.dryRun === true ? null : await RunRecorder.start(ports, actor, { id, plan });
  const tally = new ImportTally();
  const work = new ImportWork({ plan, receipts, intake, tally, rejects, run, options, clock, startedAt });
  try {
    const source = await planned.source();
    const settling = {
      intake,
      receipts,
      unitOfWork,
      duplicates: request.duplicates ?? 'skip',
      signal: options.signal,
      shared: continued?.shared === true,
    };
    const stopped = await work.takeAll(
      request.dryRun === true ? checkedBatches(source, settling) : storedBatches(source, settling),
    );
    if (stopped && isHandedOn()) throw stoppedError();
    const rejectFile = (await rejects?.finish()) ?? null;
    const status = stopped ? 'stopped' : tally.counts.rejected > 0 ? 'completed_with_rejects' : 'completed';
    await run?.finish(tally, status);
    return {
      ...shownPlan(plan),
      runId: run?.id ?? null,
      dryRun: request.dryRun === true,
      status,
      counts: tally.counts,
      reasons: tally.reasons,
      firstRejects: tally.firstRejects,
      firstDuplicates: tally.firstDuplicates,
      consents: readConsents(plan.consents).map((consent, place) => ({ ...consent, ...tally.said.consent(place) })),
      contactBlocks: readBlocks(plan.consents).map((block, place) => ({ ...block, ...tally.said.block(place) })),
      emptied: plan.columns.columns.flatMap(({ letter, heading, field }) => {
        const count = tally.emptiedOf(field);
        return count === 0 ? [] : [{ letter, heading, field, count }];
      }),
      rejectFile,
      previousRuns,
      elapsedMillis: clock.now() - startedAt,
    };
  } catch (error) {
    await rejects?.discard();
    // The first error is the one to tell; a store that is down cannot take the record either.
    if (!isHandedOn()) await run?.finish(tally, 'failed', failureText(error)).catch(() => undefined);
    throw error;
  }
}

function failureText(error: unknown): string {
  return LmsError.isInstance(error) ? `${error.code}: ${error.message}` : 'INTERNAL';
}
