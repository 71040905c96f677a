import { formatAmount, parseCurrencyCode } from '../../../foundation/kernel/index.js';
import { type TableCell, textCell } from '../../../foundation/tables/index.js';
import { type FieldContext, type FieldDefinition, type FieldValue, fieldTypeOf } from '../../fields/index.js';
import { instantCell } from './instant-cell.js';

/** How options are written: by the label people know, or by the value programs know. An import reads both. */
export type OptionForm = 'labels' | 'values';

export interface FieldCellOptions {
  readonly context: FieldContext;
  readonly options: OptionForm;
}

type CellOfText = (text: string, field: FieldDefinition, options: FieldCellOptions) => TableCell;

/** Types whose value is text but whose cell is not, or not the same text. */
const cellsOfText: ReadonlyMap<FieldDefinition['type'], CellOfText> = new Map<FieldDefinition['type'], CellOfText>([
  ['decimal', (text) => ({ kind: 'number', text, style: 'decimal' })],
  ['percent', (text) => ({ kind: 'number', text, style: 'percent' })],
  ['date', (date) => ({ kind: 'date', date, time: null })],
  [
    'date-time',
    (instant, field, options) =>
      instantCell(instant, {
        printed: printed(field, instant, options),
        timeZone: options.context.timeZone,
        exact: true,
      }),
  ],
  ['enum', (value, field, options) => textCell(options.options === 'values' ? value : printed(field, value, options))],
]);

/** The cell of a value as its field has it. Law: an import of the cell reads the same value. */
export function fieldCell(field: FieldDefinition, value: FieldValue, options: FieldCellOptions): TableCell {
  if (typeof value === 'string') {
    const { base, name } = fieldTypeOf(field);
    const cellOf = cellsOfText.get(base);
    if (cellOf !== undefined) return cellOf(value, field, options);
    // How a plugin writes its texts for people; programs get what is stored.
    return textCell(name === base || options.options === 'values' ? value : printed(field, value, options));
  }
  if (typeof value === 'number') return { kind: 'number', text: String(value), style: 'whole' };
  if (typeof value === 'boolean') {
    return {
      kind: 'boolean',
      value,
      printed: options.options === 'values' ? String(value) : printed(field, value, options),
    };
  }
  if ('amountPaise' in value) return moneyCell(value.amountPaise, options.context.currency);
  if (isList(value) && options.options === 'values') return textCell(value.join(', '));
  return textCell(printed(field, value, options));
}

export function moneyCell(amountPaise: number, currency: string): TableCell {
  const text = formatAmount(amountPaise, { currency: parseCurrencyCode(currency), style: 'plain' });
  return { kind: 'number', text, style: 'money' };
}

function printed(field: FieldDefinition, value: FieldValue, { context }: FieldCellOptions): string {
  return fieldTypeOf(field).print(value, field, context);
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
