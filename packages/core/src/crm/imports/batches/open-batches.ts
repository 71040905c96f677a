import type { LeadClaim, LeadIntake, LineDefinition, PreparedLead } from '../../leads/index.js';
import type { RowLimits } from '../rows/index.js';
import { LocalBatches, type RowPlace } from './local-batches.js';
import type { RowBatches } from './row-batch.js';
import { RowDrafter, type RowSettings } from './row-drafter.js';
import { ThreadBatches, type Unpack } from './thread-batches.js';

export interface BatchSource extends RowPlace {
  readonly file: string;
  readonly limits: RowLimits;
  readonly settings: RowSettings;
  readonly line: LineDefinition;
  /** Whether this store's clock, ids and keys are the usual ones, which a thread has too. */
  readonly mayUseThread: boolean;
  readonly now: () => number;
}

/** A thread takes some 100 ms to start, which smaller files do not win back. */
const smallestForThread = 256 * 1024;

/** How rows become drafts. */
export interface Drafting<Draft> {
  /** False where nothing is to be stored. */
  readonly seals: boolean;
  readonly finish: (prepared: PreparedLead) => Draft;
  readonly unpack: Unpack<Draft>;
}

/** Opens the rows of a file as batches of drafts, on a thread of their own where that pays. */
export function openBatches<Draft extends LeadClaim>(
  source: BatchSource,
  intake: LeadIntake,
  drafting: Drafting<Draft>,
): RowBatches<Draft> {
  const { file, limits, settings, line, sheet, headerRow, rowsABatch, now } = source;
  if (source.mayUseThread && source.source.totalBytes >= smallestForThread) {
    const { kit } = intake.drafter;
    const { seals } = drafting;
    const { checked } = source.source;
    const task = { file, limits, checked, sheet, headerRow, rowsABatch, settings, line, kit, seals };
    const thread = ThreadBatches.start(task, now, drafting.unpack);
    if (thread !== null) return thread;
  }
  return new LocalBatches(source, new RowDrafter(settings, line, intake.drafter, drafting.finish), now);
}
