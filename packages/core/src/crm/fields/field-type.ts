import type { DateOrder } from '../../foundation/kernel/index.js';
import type { AnyFieldTypeName, FieldDefinition, FieldTypeName, InputControl, PiiClass } from './field-definition.js';
import type { FieldValue } from './field-value.js';

/** One order for all dates, or `others` for all but the named fields: a sheet may hold columns of two systems. */
export type DateOrders =
  | DateOrder
  | { readonly others: DateOrder; readonly fields: Readonly<Record<string, DateOrder>> };

/** What the types need to know of the store and the moment. */
export interface FieldContext {
  /** ISO 4217 code of the store's currency. */
  readonly currency: string;
  /** Order of day, month and year in all-digit dates. */
  readonly dateOrder: DateOrder;
  /** The fields, by key, whose typed dates have another order. */
  readonly dateOrderOf?: Readonly<Record<string, DateOrder>>;
  /** Today in the business time zone, `YYYY-MM-DD`. */
  readonly today: string;
  /** Business time zone (IANA), for date-times without an offset. */
  readonly timeZone: string;
}

/** Why a text or value is refused. `expected` says what would be accepted, with an example. */
export interface FieldProblem {
  readonly rule: string;
  readonly message: string;
  readonly expected: string;
}

/** The outcome of reading what a person typed. `entered` is the text kept beside the value (masked where the law asks). */
export type ParseResult<Value extends FieldValue = FieldValue> =
  | { readonly ok: true; readonly value: Value; readonly entered: string }
  | { readonly ok: true; readonly empty: true }
  | { readonly ok: false; readonly problem: FieldProblem };

/** A JSON Schema 2020-12 fragment. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** How values are put into `lead_index`, compared and sorted: sealed classes only by hash. */
export type IndexKind = 'number' | 'text' | 'hash';

/**
 * One kind of field. Pure and deterministic: all it needs is in its arguments.
 * Law: `parse(print(value))` gives `value` again for every value that `validate` accepts.
 */
export interface FieldType<Value extends FieldValue = FieldValue> {
  readonly name: AnyFieldTypeName;
  /** What its values are kept as: itself, or the type that a type of a plugin builds on. */
  readonly base: FieldTypeName;
  /** Why the type can only show what is stored: its plugin is not here. Reading, checking and comparing values throws `FIELD_TYPE_MISSING`. */
  readonly missing?: string;
  /** The first is the default. */
  readonly controls: readonly [InputControl, ...InputControl[]];
  readonly pii: PiiClass;
  readonly indexKind: IndexKind;
  /** Names of the validation rules that mean something for this type; lint refuses others. */
  readonly validations: readonly string[];
  /** TypeScript type of the value, as written into generated types. */
  typeScript(field: FieldDefinition): string;
  /** Reads typed text, a spreadsheet cell, or an exact value. White space and empty text mean "no value". */
  parse(input: unknown, field: FieldDefinition, context: FieldContext): ParseResult<Value>;
  /** Every broken validation rule of the field; empty when the value is good. Never throws. */
  validate(value: Value, field: FieldDefinition, context: FieldContext): readonly FieldProblem[];
  /** Text that `parse` reads back to the same value. */
  print(value: Value, field: FieldDefinition, context: FieldContext): string;
  /** Schema of the value (not of typed text); it may accept what `validate` refuses only where JSON Schema cannot say it. */
  jsonSchema(field: FieldDefinition, context: FieldContext): JsonSchema;
  /** What is wrong with a definition of this type (options, bounds, precision); empty when it can be published. */
  lint(field: FieldDefinition, context: FieldContext): readonly FieldProblem[];
  /** The value as shown to who may not see it: `******7890`. */
  mask(value: Value): string;
  /** The one text that equal values share, for unique keys and exact look-ups. */
  normalise(value: Value): string;
  /** The value as a number for `lead_index` of kind `number` (minor units, days, ...). */
  toNumber?(value: Value): number;
}
