import { type DateOrder, dateOrders } from '../../../foundation/kernel/index.js';
import { type FieldDefinition, fieldTypeOf } from '../../fields/index.js';
import type { Cell } from '../rows/index.js';
import { type ColumnSample, commonLook, type LookName, lookText, neutralContext } from './looks.js';

/** What the values of a column say of the field that its heading names. */
export interface ValueVerdict {
  /** `agree`: nearly all can be read. `contradict`: most cannot. `other`: they are something else that the field would take. */
  readonly kind: 'unknown' | 'agree' | 'mixed' | 'contradict' | 'other';
  /** Share that can be read into the field, from 0 to 1. */
  readonly share: number;
  readonly note: string | null;
}

/** Fewer values than these say nothing. */
const fewest = 3;
/** One date that does not exist is a slip; two that all exist in another order are not. */
const fewestUnread = 2;

/** Looks that no value of a type has unless it stands in the wrong column; the type itself would take it. */
const strangers: Readonly<Partial<Record<FieldDefinition['type'], readonly LookName[]>>> = {
  money: ['phone', 'aadhaar'],
  integer: ['phone', 'aadhaar'],
  decimal: ['phone', 'aadhaar'],
};
const strangersToWords: readonly LookName[] = [
  'phone',
  'email',
  'pan',
  'gstin',
  'ifsc',
  'aadhaar',
  'pincode',
  'date',
  'amount',
];

/**
 * Holds a column's values against a field. Pure.
 * @param wordy that the field holds words, such as a name or a city
 */
export function weighValues(
  sample: ColumnSample,
  field: FieldDefinition,
  options: { readonly wordy: boolean; readonly dateOrder: DateOrder },
): ValueVerdict {
  const total = sample.cells.length;
  if (total < fewest) return { kind: 'unknown', share: 1, note: null };
  const other = strangerIn(sample, field, options.wordy);
  if (other !== null) {
    const note = `the heading says ${field.label}, but ${other.count} of ${total} values look like ${lookText[other.name]}`;
    return { kind: 'other', share: 0, note };
  }
  const readable = sample.cells.filter((cell) => isReadable(cell, field, options.dateOrder)).length;
  const share = readable / total;
  const order = total - readable < fewestUnread ? null : otherOrder(sample, field, options.dateOrder);
  if (order !== null) return { kind: 'other', share, note: order };
  if (share >= 0.8) return { kind: 'agree', share, note: null };
  const note = `the heading says ${field.label}, but ${readable} of ${total} values look like one`;
  if (share >= 0.5) return { kind: 'mixed', share, note: null };
  return { kind: 'contradict', share, note };
}

function strangerIn(
  sample: ColumnSample,
  field: FieldDefinition,
  wordy: boolean,
): { name: LookName; count: number } | null {
  const look = commonLook(sample, 0.6);
  if (look === null) return null;
  const strange = strangers[field.type] ?? (wordy && field.type === 'text' ? strangersToWords : []);
  return strange.includes(look.name) ? look : null;
}

/** Amounts are read by the store's currency, which is not known here: that they have digits has to do. */
function isReadable(cell: Cell, field: FieldDefinition, dateOrder: DateOrder): boolean {
  if (cell.kind === 'error') return false;
  if (field.type === 'money') return cell.kind === 'number' || (/\p{Nd}/u.test(cell.text) && !/@/.test(cell.text));
  return fieldTypeOf(field).parse(cell.text, field, { ...neutralContext, dateOrder }).ok;
}

const orderText: Readonly<Record<DateOrder, string>> = { dmy: 'day first', mdy: 'month first', ymd: 'year first' };

/**
 * Dates that are all read in another order tell that this is the order of the column: those that can be read in both would be
 * wrong without anybody noticing.
 */
function otherOrder(sample: ColumnSample, field: FieldDefinition, dateOrder: DateOrder): string | null {
  if (field.type !== 'date' && field.type !== 'date-time') return null;
  const better = dateOrders.find(
    (order) => order !== dateOrder && sample.cells.every((cell) => isReadable(cell, field, order)),
  );
  return better === undefined
    ? null
    : `some dates cannot be read ${orderText[dateOrder]}, and all can ${orderText[better]}; say date order ${better}`;
}
