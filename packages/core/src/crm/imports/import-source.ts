import type { DateOrders } from '../fields/index.js';
import type { NewLead } from '../leads/index.js';
import type { ColumnMatch } from './columns/column-plan.js';
import { digestOf } from './file-digest.js';
import type { ImportRequest } from './import-request.js';
import type { ImportPlan } from './plan-import.js';

/**
 * What every lead of the file shares.
 * @param columns as planned; some may have a date order of their own
 */
export function originOf(request: ImportRequest, columns: readonly ColumnMatch[] = []): Omit<NewLead, 'fields'> {
  const dateOrder = dateOrdersOf(request, columns);
  return {
    productLine: request.productLine,
    source: request.source ?? 'import',
    ...(request.channel === undefined ? {} : { channel: request.channel }),
    ...(request.campaign === undefined ? {} : { campaign: request.campaign }),
    ...(dateOrder === undefined ? {} : { dateOrder }),
  };
}

function dateOrdersOf({ dateOrder }: ImportRequest, columns: readonly ColumnMatch[]): DateOrders | undefined {
  const fields = Object.fromEntries(
    columns.flatMap((column) => (column.dateOrder === undefined ? [] : [[column.field, column.dateOrder]])),
  );
  return Object.keys(fields).length === 0 ? dateOrder : { others: dateOrder ?? 'dmy', fields };
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
    columns: plan.columns.columns.map(({ index, field, unit, dateOrder }) => [
      index,
      field,
      unit ?? null,
      dateOrder ?? null,
    ]),
    productLine: request.productLine,
    source: request.source ?? null,
    channel: request.channel ?? null,
    campaign: request.campaign ?? null,
    dateOrder: request.dateOrder ?? null,
    again: request.again === true ? run : null,
    rowsABatch,
  });
}
