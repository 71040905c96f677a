import type { FieldDefinition, PiiClass } from '../field-definition.js';
import type { FieldContext, FieldProblem } from '../field-type.js';
import type { Rule } from './define-type.js';
import { perField } from './per-field.js';
import { shown } from './problems.js';

/** Which end a bound is: a day is its first instant as `min` and its last as `max`. */
export type BoundEnd = 'min' | 'max';

/** How the values of a type are ordered and told. */
export interface BoundedBy<Value> {
  readonly typeClass: PiiClass;
  /** An example for the admin who wrote a bound that cannot be read. */
  readonly example: string;
  /** Phrases for a value out of bounds and for what is expected. */
  readonly words: { readonly below: string; readonly above: string; readonly from: string; readonly to: string };
  /** Bounds that hold when the field names none. */
  readonly defaults?: Readonly<Partial<Record<BoundEnd, Value>>>;
  /** Reads a bound as a person types a value; undefined when it is none. */
  readBound(bound: string | number, end: BoundEnd, field: FieldDefinition, context: FieldContext): Value | undefined;
  /** Negative when `a` comes before `b`, zero when they are equal, positive after. */
  compare(a: Value, b: Value): number;
  print(value: Value, field: FieldDefinition, context: FieldContext): string;
}

export interface Bounds<Value> {
  readonly min?: Value;
  readonly max?: Value;
}

export interface BoundsRule<Value> extends Rule<Value> {
  /** The bounds in force, for JSON Schema. */
  of(field: FieldDefinition, context: FieldContext): Bounds<Value>;
}

/** `min` and `max`, both included. */
export function boundsRule<Value>(by: BoundedBy<Value>): BoundsRule<Value> {
  const read = (end: BoundEnd, field: FieldDefinition, context: FieldContext): Value | undefined => {
    const bound = field.validation?.[end];
    return bound === undefined ? by.defaults?.[end] : by.readBound(bound, end, field, context);
  };
  const of = perField((field, context): Bounds<Value> => {
    const [min, max] = [read('min', field, context), read('max', field, context)];
    return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  });

  return {
    validations: ['min', 'max'],
    of,
    check(value, field, context) {
      const { min, max } = of(field, context);
      const tell = (bound: Value): string => by.print(bound, field, context);
      const subject = (): string => shown(tell(value), field, by.typeClass);
      if (min !== undefined && by.compare(value, min) < 0) {
        return [{ rule: 'min', message: `${subject()} ${by.words.below}`, expected: `${by.words.from} ${tell(min)}` }];
      }
      if (max !== undefined && by.compare(value, max) > 0) {
        return [{ rule: 'max', message: `${subject()} ${by.words.above}`, expected: `${by.words.to} ${tell(max)}` }];
      }
      return [];
    },
    lint(field, context) {
      const problems: FieldProblem[] = [];
      for (const end of ['min', 'max'] as const) {
        const bound = field.validation?.[end];
        if (bound !== undefined && by.readBound(bound, end, field, context) === undefined) {
          problems.push({
            rule: end,
            message: `${end} ${JSON.stringify(bound)} is no value of a ${field.type} field`,
            expected: by.example,
          });
        }
      }
      const { min, max } = of(field, context);
      if (problems.length === 0 && min !== undefined && max !== undefined && by.compare(min, max) > 0) {
        const expected = `${by.words.to} ${by.print(max, field, context)}`;
        problems.push({ rule: 'min', message: `min ${by.print(min, field, context)} is more than max`, expected });
      }
      return problems;
    },
  };
}

export const numberWords: BoundedBy<never>['words'] = {
  below: 'is below the minimum',
  above: 'is above the maximum',
  from: 'at least',
  to: 'at most',
};

export const timeWords: BoundedBy<never>['words'] = {
  below: 'is too early',
  above: 'is too late',
  from: 'not before',
  to: 'not after',
};
