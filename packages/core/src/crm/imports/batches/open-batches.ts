import { hasOwnTypes } from '../../fields/index.js';
import {
  type LeadClaim,
  type LeadIntake,
  type LineDefinition,
  type PreparedLead,
  unpackClaims,
} from '../../leads/index.js';
import type { RowLimits } from '../rows/index.js';
import { KeyDrafter } from './key-drafter.js';
import { LocalBatches, type RowPlace } from './local-batches.js';
import type { DraftPurpose, RowBatches } from './row-batch.js';
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
  readonly purpose: Exclude<DraftPurpose, 'keys'>;
  readonly finish: (prepared: PreparedLead) => Draft;
  readonly unpack: Unpack<Draft>;
}

/** Opens the rows of a file as batches of drafts, on a thread of their own where that pays. */
export function openBatches<Draft extends LeadClaim>(
  source: BatchSource,
  intake: LeadIntake,
  drafting: Drafting<Draft>,
): RowBatches<Draft> {
  const { settings, line, now } = source;
  const drafter = new RowDrafter(settings, line, intake.drafter, drafting.finish);
  return onThread(source, intake, drafting) ?? new LocalBatches(source, drafter, now);
}

/** Opens the rows of a file for their unique values alone: every row is a draft that has those that can be read. */
export function openKeys(source: BatchSource, intake: LeadIntake): RowBatches<LeadClaim> {
  const { settings, line, now } = source;
  const thread = onThread(source, intake, { purpose: 'keys', unpack: unpackClaims });
  return thread ?? new LocalBatches(source, new KeyDrafter(settings, line, intake.drafter), now);
}

function onThread<Draft extends LeadClaim>(
  source: BatchSource,
  intake: LeadIntake,
  { purpose, unpack }: { readonly purpose: DraftPurpose; readonly unpack: Unpack<Draft> },
): RowBatches<Draft> | null {
  if (!source.mayUseThread || source.source.totalBytes < smallestForThread) return null;
  // They are functions, which no other thread has.
  if (hasOwnTypes(source.line.schema)) return null;
  const { file, limits, settings, line, sheet, headerRow, rowsABatch, now } = source;
  const { checked } = source.source;
  const { kit } = intake.drafter;
  const task = { file, limits, checked, sheet, headerRow, rowsABatch, settings, line, kit, purpose };
  return ThreadBatches.start(task, now, unpack);
}
