import type { NewLead } from '../leads/index.js';
import { digestOf } from './file-digest.js';
import type { ImportRequest } from './import-request.js';
import type { ImportPlan } from './plan-import.js';

/** What every lead of the file shares. */
export function originOf(request: ImportRequest): Omit<NewLead, 'fields'> {
  return {
    productLine: request.productLine,
    source: request.source ?? 'import',
    ...(request.channel === undefined ? {} : { channel: request.channel }),
    ...(request.campaign === undefined ? {} : { campaign: request.campaign }),
    ...(request.dateOrder === undefined ? {} : { dateOrder: request.dateOrder }),
  };
}

/**
 * Names the file and every choice that changes what its rows become: what receipts are kept under.
 * @param run its id, which alone tells it from other runs where rows are to be taken again
 */
export function sourceName(request: ImportRequest, plan: ImportPlan, run: string, rowsABatch: number): string {
  return digestOf({
    file: plan.fileSha256,
    sheet: plan.sheet,
    headerRow: plan.header.rowNumber,
    columns: plan.columns.columns.map(({ index, field }) => [index, field]),
    productLine: request.productLine,
    source: request.source ?? null,
    channel: request.channel ?? null,
    campaign: request.campaign ?? null,
    dateOrder: request.dateOrder ?? null,
    again: request.again === true ? run : null,
    rowsABatch,
  });
}
