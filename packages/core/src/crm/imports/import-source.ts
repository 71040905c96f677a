import type { DateOrders } from '../fields/index.js';
import { checkNewLead, type NewLead } from '../leads/index.js';
import type { ColumnMatch } from './columns/column-plan.js';
import { digestOf } from './file-digest.js';
import type { ImportRequest } from './import-request.js';
import type { ImportPlan } from './plan-import.js';

/**
 * What every lead of the file shares, tidied as `leads.create` does.
 * @param columns as planned; some may have a date order of their own
 * @throws LmsError `INPUT_INVALID` for a source, channel or campaign that is none
 */
export function originOf(request: ImportRequest, columns: readonly ColumnMatch[] = []): Omit<NewLead, 'fields'> {
  const dateOrder = dateOrdersOf(request, columns);
  const { fields: _, ...origin } = checkNewLead({
    productLine: request.productLine,
    source: request.source ?? 'import',
    ...(request.channel === undefined ? {} : { channel: request.channel }),
    ...(request.campaign === undefined ? {} : { campaign: request.campaign }),
    ...(dateOrder === undefined ? {} : { dateOrder }),
    fields: {},
  });
  return origin;
}

function dateOrdersOf({ dateOrder }: ImportRequest, columns: readonly ColumnMatch[]): DateOrders | undefined {
  const fields = Object.fromEntries(
    columns.flatMap((column) => (column.dateOrder === undefined ? [] : [[column.field, column.dateOrder]])),
  );
  return Object.keys(fields).length === 0 ? dateOrder : { others: dateOrder ?? 'dmy', fields };
}

/** How batches are cut: rows of another cut are other rows to a receipt. */
const cut = 1;

/**
 * Names the file and every choice that changes what its rows become: what receipts are kept under. What is left out and what is said
 * as the default are the same.
 * @param run its id, which alone tells it from other runs where rows are to be taken again
 */
export function sourceName(request: ImportRequest, plan: ImportPlan, run: string, rowsABatch: number): string {
  const { columns } = plan.columns;
  const { source, channel, campaign, dateOrder } = originOf(request);
  return digestOf({
    file: plan.fileSha256,
    sheet: plan.sheet,
    headerRow: plan.header.rowNumber,
    columns: columns.map((column) => [column.index, column.field, column.unit ?? null, column.dateOrder ?? null]),
    productLine: request.productLine,
    source: source ?? null,
    channel: channel ?? null,
    campaign: campaign ?? null,
    dateOrder: typeof dateOrder === 'string' ? dateOrder : 'dmy',
    again: request.again === true ? run : null,
    rowsABatch,
    cut,
  });
}
