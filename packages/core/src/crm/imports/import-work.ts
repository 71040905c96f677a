import { setImmediate } from 'node:timers/promises';
import { type Clock, hasCode } from '../../foundation/kernel/index.js';
import type { LeadIntake } from '../leads/index.js';
import type { ImportOptions, ImportProgress } from './import-request.js';
import type { ImportTally } from './import-tally.js';
import { patiently } from './patience.js';
import type { ImportPlan } from './plan-import.js';
import type { ReceiptBook } from './receipts/receipt-book.js';
import type { RejectFile } from './rejects/reject-file.js';
import { reportBatch } from './report-batch.js';
import { reasonsText } from './row-report.js';
import { unreadable } from './rows/unreadable.js';
import type { RunRecorder } from './run-recorder.js';
import type { SettledBatch, SettledBatches } from './settled-batch.js';

export interface ImportWorkParts {
  readonly plan: ImportPlan;
  readonly receipts: ReceiptBook;
  readonly intake: Pick<LeadIntake, 'visibleNumbers'>;
  readonly tally: ImportTally;
  readonly rejects: RejectFile | null;
  /** null in a dry run. */
  readonly run: RunRecorder | null;
  readonly options: ImportOptions;
  readonly clock: Clock;
  readonly startedAt: number;
}

/** Takes the rows of a file batch by batch, and tells whoever wants to know: tally, record, reject file, progress. */
export class ImportWork {
  readonly #parts: ImportWorkParts;

  constructor(parts: ImportWorkParts) {
    this.#parts = parts;
  }

  /** @returns true when it was stopped by the signal */
  async takeAll(batches: SettledBatches): Promise<boolean> {
    const { plan, options } = this.#parts;
    try {
      for (let taken = 0; ; taken += 1) {
        if (options.signal?.aborted === true) return true;
        const settled = await batches.next();
        if (settled === null) {
          if (taken > 0) return false;
          throw unreadable(`The file has no rows below its header (row ${plan.header.rowNumber}).`, {
            path: `row ${plan.header.rowNumber + 1}`,
          });
        }
        await this.#tell(settled, batches);
      }
    } catch (error) {
      if (options.signal?.aborted === true && hasCode(error, 'COMMAND_ABORTED')) return true;
      throw error;
    } finally {
      await batches.close();
    }
  }

  async #tell(settled: SettledBatch, batches: SettledBatches): Promise<void> {
    const { plan, receipts, intake, tally, rejects, run, options } = this.#parts;
    const context = { schema: settled.batch.line.schema, columns: plan.columns.columns, consents: plan.consents };
    // Its rows are stored: they are told of even where the import is stopped meanwhile.
    const told = await patiently(() => reportBatch(settled, { context, batches, receipts, intake }), undefined);
    for (const { outcome, report, row } of told) {
      tally.add(outcome, report);
      if (report === null) continue;
      options.onRow?.(report);
      if (row !== null) await rejects?.add(row, reasonsText(report));
    }
    tally.addEmptied(settled.batch.emptied);
    countSaid(settled, tally);
    await run?.update(tally);
    options.onProgress?.({
      ...tally.counts,
      bytesRead: settled.batch.bytesRead,
      totalBytes: plan.source.totalBytes,
      ...this.#pace(settled.batch.bytesRead),
    });
    // Others get their turn between two batches.
    await setImmediate();
  }

  #pace(bytesRead: number): Pick<ImportProgress, 'rowsPerSecond' | 'secondsLeft'> {
    const { clock, startedAt, tally, plan } = this.#parts;
    const millis = clock.now() - startedAt;
    if (millis <= 0) return { rowsPerSecond: 0, secondsLeft: null };
    const bytesLeft = plan.source.totalBytes - bytesRead;
    return {
      rowsPerSecond: Math.round((tally.counts.rows * 1000) / millis),
      secondsLeft: bytesRead <= 0 ? null : Math.ceil(((millis / 1000) * bytesLeft) / bytesRead),
    };
  }
}

/** What a row says is recorded with the lead that it makes. Rows without an outcome were taken, or refused, with what they say. */
function countSaid({ batch, outcomes }: SettledBatch, { said }: ImportTally): void {
  for (const { index, ...places } of batch.saying) {
    const kind = outcomes.get(index)?.kind;
    if (kind === 'created' || kind === 'creatable') said.add(places, 'recorded');
    if (kind === 'updated' || kind === 'duplicate') said.add(places, 'passedOver');
  }
}
