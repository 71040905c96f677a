import { type ExitCode, exitCodes } from '../exit-codes.js';
import { commandLine, withFlag } from '../output/command-line.js';
import type { Session } from '../session.js';

export interface RebuildFactsOptions {
  readonly product?: string;
  readonly after?: string;
}

interface Counts {
  readonly rebuilt: number;
  readonly removed: number;
  readonly owners: number;
  readonly totals: number;
}

/** Ctrl-C stops between two batches and says how to go on. */
export async function rebuildFacts(
  { me, output, signal, commandLine: words }: Session,
  { product, after }: RebuildFactsOptions,
): Promise<ExitCode> {
  const report = await me.store.rebuildFacts({
    ...(product === undefined ? {} : { productLine: product }),
    ...(after === undefined ? {} : { after }),
    signal,
    onProgress: (counts) => output.progress.show(countsText(counts)),
  });
  output.answer(report, () =>
    report.finished ? countsText(report) : `${countsText(report)}\nstopped; go on with: ${goOn(words, report.after)}`,
  );
  return report.finished ? exitCodes.ok : exitCodes.stopped;
}

function countsText({ rebuilt, removed, owners, totals }: Counts): string {
  return `${rebuilt} leads written anew, ${removed} rows without a lead removed, ${owners} owners and ${totals} totals of boards corrected`;
}

/**
 * The command that goes on where this one stopped: what was typed, so on the same store, as the same person.
 * @param words what was typed after `lms`
 */
export function goOn(words: readonly string[], after: string | null): string {
  return commandLine(['lms', ...(after === null ? words : withFlag(words, '--after', after))]);
}
