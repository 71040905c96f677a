import { type LeadIntake, unpackClaims } from '../leads/index.js';
import { claimOf } from './batches/claim-of.js';
import { type BatchSource, openBatches } from './batches/open-batches.js';
import { ClaimedValues, rowReference } from './claimed-values.js';
import type { DuplicatePolicy } from './import-request.js';
import { patiently, unlessStopped } from './patience.js';
import type { RowOutcome, SettledBatch, SettledBatches } from './settled-batch.js';
import { updateDuplicates } from './update-duplicates.js';

/** Says what `storedBatches` would do, and remembers the unique values that earlier rows would have taken. */
export function checkedBatches(
  source: BatchSource,
  ports: {
    readonly intake: LeadIntake;
    readonly duplicates: DuplicatePolicy;
    readonly signal: AbortSignal | undefined;
  },
): SettledBatches {
  const { intake, duplicates, signal } = ports;
  const batches = openBatches(source, intake, { purpose: 'check', finish: claimOf, unpack: unpackClaims });
  const claims = new ClaimedValues();
  return {
    async next() {
      const batch = await unlessStopped(batches.next(), signal);
      if (batch === null) return null;
      const references = batch.rowNumbers.map(rowReference);
      const outcomes = new Map<number, RowOutcome>();
      for (const drafts of batch.drafts) {
        const checked = await patiently(() => intake.check(drafts, references, claims), signal);
        for (const [index, outcome] of checked) outcomes.set(index, outcome);
      }
      const settled: SettledBatch = { batch, outcomes };
      if (duplicates !== 'update') return settled;
      return patiently(
        () => updateDuplicates(settled, { intake, batches, source, claims, dryRun: true, signal }),
        signal,
      );
    },
    rows: (places) => batches.rows(places),
    close: () => batches.close(),
  };
}
