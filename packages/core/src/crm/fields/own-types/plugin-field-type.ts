import type { DateOrder } from '../../../foundation/kernel/index.js';
import type { OwnFieldTypeName, PiiClass } from '../field-definition.js';
import type { JsonSchema } from '../field-type.js';
import type { OwnTypeBase } from './kept-field-types.js';

/** What a value of each base is: decimals are canonical decimal text, dates `YYYY-MM-DD`. */
export interface OwnTypeValues {
  readonly text: string;
  readonly integer: number;
  readonly decimal: string;
  readonly date: string;
}

/** What a type may go by, besides the text. */
export interface OwnTypeContext {
  /** ISO 4217 code of the store's currency. */
  readonly currency: string;
  /** Order of day, month and year in all-digit dates of this input. */
  readonly dateOrder: DateOrder;
  /** Today in the business time zone, `YYYY-MM-DD`. */
  readonly today: string;
  /** Business time zone (IANA). */
  readonly timeZone: string;
}

/** The value that a text means; or why it means none. */
export type OwnTypeReading<Value> =
  | { readonly value: Value }
  | {
      /** A phrase to put behind what was typed, of which it repeats nothing: `has no series before its digits`. At most 300 characters. */
      readonly problem: string;
      /** Instead of the type's own `expected`. */
      readonly expected?: string;
    };

/** {@link PluginFieldType} of one base. */
export interface PluginFieldTypeOf<Base extends OwnTypeBase> {
  /** The plugin's name, a dot, and small letters, digits and `-`: `acme.vehicle-number`. */
  readonly name: OwnFieldTypeName;
  /** The type whose values these are too: it says how they are stored, ordered, bounded by a field's `validation`, and shown in a form. */
  readonly base: Base;
  /** How values are protected where a field does not say otherwise: any class but `none` is sealed, hashed where it is looked for, and masked. */
  readonly pii: PiiClass;
  /** What is accepted, with an example: `a vehicle number such as MH12AB1234`. At most 200 characters. */
  readonly expected: string;
  /** One to a hundred typed texts, which `createLms` tries the type on; see {@link PluginFieldType}. */
  readonly samples: readonly string[];
  /**
   * Reads what a person typed or a cell holds, never blank, at most 1,000 characters; a number comes as its digits. The value must be one of
   * the base, and be read again from its own text as itself.
   */
  parse(text: string, context: OwnTypeContext): OwnTypeReading<OwnTypeValues[Base]>;
  /** The value as people are shown it, and as exports print texts, which `parse` reads as the same value; as the base prints it unless said. */
  format?(value: OwnTypeValues[Base]): string;
  /** What is shown to who may not see the value; stars unless said. */
  mask?(value: OwnTypeValues[Base]): string;
  /** The one text that equal values share, for unique rules, filters and the order of lists of text; as the base says it unless said. */
  indexKey?(value: OwnTypeValues[Base]): string;
  /** JSON Schema 2020-12 keywords that go over those of the base. */
  readonly jsonSchema?: JsonSchema;
  /** The TypeScript type of values in `lms schema types`, one line; that of the base unless said. */
  readonly typescript?: string;
}

/**
 * A kind of field that a plugin brings. Its functions are asked wherever values are read, on the spot and possibly more than once: they are
 * not async, do no I/O, and answer alike for like input. One that throws, or answers what it may not, refuses the value; its own words are
 * told to nobody, since they may quote what was typed.
 *
 * Laws, tried on the samples when the store is made and on every value as it is read, printed or masked: `parse` takes the value's own text, and what `format`
 * prints, as the same value; the mask does not show it.
 */
export type PluginFieldType = { [Base in OwnTypeBase]: PluginFieldTypeOf<Base> }[OwnTypeBase];
