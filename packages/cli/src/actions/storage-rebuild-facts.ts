import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { Session } from '../session.js';

export interface RebuildFactsOptions {
  readonly product?: string;
  readonly after?: string;
}

interface Counts {
  readonly rebuilt: number;
  readonly removed: number;
  readonly owners: number;
}

/** Ctrl-C stops between two batches and says how to go on. */
export async function rebuildFacts(
  { me, output, signal }: Session,
  { product, after }: RebuildFactsOptions,
): Promise<ExitCode> {
  const report = await me.store.rebuildFacts({
    ...(product === undefined ? {} : { productLine: product }),
    ...(after === undefined ? {} : { after }),
    signal,
    onProgress: (counts) => output.progress.show(countsText(counts)),
  });
  output.answer(report, () =>
    report.finished ? countsText(report) : `${countsText(report)}\n${goOn(report.after, product)}`,
  );
  return report.finished ? exitCodes.ok : exitCodes.stopped;
}

function countsText({ rebuilt, removed, owners }: Counts): string {
  return `${rebuilt} leads written anew, ${removed} rows without a lead removed, ${owners} owners corrected`;
}

function goOn(after: string | null, product: string | undefined): string {
  const line = product === undefined ? '' : ` --product ${product}`;
  const from = after === null ? '' : ` --after ${after}`;
  return `stopped; go on with: lms storage rebuild-facts${line}${from}`;
}
