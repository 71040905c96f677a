import { z } from 'zod';
import { type ActorRef, dateOrders, type Json, LmsError } from '../../foundation/kernel/index.js';
import { blocksOfFileShape, consentsOfFileShape } from './consents/said-in-file.js';
import { digestOf } from './file-digest.js';
import type { ImportRequest } from './import-request.js';
import { amountUnits, type ColumnTarget } from './mapping-target.js';

/** The kind of the jobs that import files. */
export const importJobKind = 'import.run';
/** The kind of the jobs that take rows of an import which another worker does. */
export const importShareKind = 'import.share';

/**
 * How a run goes about its file, decided once, before its first row. All tries and all workers of a detached import go by it, whatever their
 * own settings are and whatever is published meanwhile: so they mean the same rows, and know the rows that others have taken.
 */
export interface ImportOrder {
  /** Of a detached import with the file that is meant, its sheet and its header row. */
  readonly request: ImportRequest;
  /** The id of the run. */
  readonly run: string;
  /** What its receipts are kept under. */
  readonly source: string;
  /** How its rows are cut into batches. */
  readonly rowsABatch: number;
}

const targetShape: z.ZodType<ColumnTarget> = z.strictObject({
  field: z.string(),
  dateOrder: z.enum(dateOrders).exactOptional(),
  unit: z.enum(amountUnits).exactOptional(),
});
const requestShape: z.ZodType<ImportRequest> = z.strictObject({
  file: z.string(),
  productLine: z.string(),
  sheet: z.string().exactOptional(),
  headerRow: z.int().exactOptional(),
  mapping: z.record(z.string(), z.union([z.string(), targetShape])).exactOptional(),
  mappingName: z.string().exactOptional(),
  choicesOfMapping: z.array(z.enum(['sheet', 'headerRow'])).exactOptional(),
  leastConfidence: z.number().exactOptional(),
  dateOrder: z.enum(dateOrders).exactOptional(),
  source: z.string().exactOptional(),
  channel: z.string().exactOptional(),
  campaign: z.string().exactOptional(),
  consents: consentsOfFileShape.exactOptional(),
  contactBlocks: blocksOfFileShape.exactOptional(),
  duplicates: z.enum(['skip', 'update']).exactOptional(),
  dryRun: z.boolean().exactOptional(),
  rejectFile: z.string().exactOptional(),
  replaceRejectFile: z.boolean().exactOptional(),
  again: z.boolean().exactOptional(),
  fileSha256: z.string().exactOptional(),
});
const orderShape: z.ZodType<ImportOrder> = z.strictObject({
  request: requestShape,
  run: z.string(),
  source: z.string(),
  rowsABatch: z.int().min(1),
});

/** For a job to keep. */
export function orderJson(order: ImportOrder): Json {
  return JSON.parse(JSON.stringify(order));
}

/** The same for whoever asks for the same import in the name of the same actor. */
export function orderKey(actor: ActorRef, order: ImportOrder): string {
  const { request } = order;
  return digestOf(JSON.parse(JSON.stringify({ actor, request })));
}

/**
 * What {@link orderJson} wrote.
 * @throws LmsError `INTERNAL` where another release wrote it that says more: a worker of that release is to do it
 */
export function orderOf(payload: Json): ImportOrder {
  const { success, data } = orderShape.safeParse(payload);
  if (success) return data;
  throw new LmsError('INTERNAL', { message: 'this release does not know what the import was asked to do' });
}
