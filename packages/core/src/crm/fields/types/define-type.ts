import { cleanText } from '../../../foundation/kernel/index.js';
import type { FieldDefinition, FieldTypeName, FieldValidation, InputControl, PiiClass } from '../field-definition.js';
import type { FieldContext, FieldProblem, FieldType, IndexKind, JsonSchema, ParseResult } from '../field-type.js';
import type { FieldValue } from '../field-value.js';
import { shown, shownShape } from './problems.js';
import { type Typed, typedText } from './typed-text.js';

/** What a text means; or why it means nothing, as a phrase to put behind the text that repeats none of it. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value; readonly entered?: string }
  | { readonly ok: false; readonly reason: string; readonly rule?: string; readonly expected?: string };

/** One validation rule, or several that belong together, as several types share it. */
export interface Rule<Value> {
  readonly validations: readonly (keyof FieldValidation)[];
  check(value: Value, field: FieldDefinition, context: FieldContext): readonly FieldProblem[];
  lint(field: FieldDefinition, context: FieldContext): readonly FieldProblem[];
}

/** A type as its file says it; {@link defineType} adds what all types do alike. */
export interface TypeParts<Value extends FieldValue> {
  readonly name: FieldTypeName;
  readonly controls: readonly [InputControl, ...InputControl[]];
  readonly pii: PiiClass;
  readonly indexKind: IndexKind;
  readonly rules: readonly Rule<Value>[];
  /** What is accepted, with an example: `a PAN such as ABCPE1234F`. */
  expected(field: FieldDefinition, context: FieldContext): string;
  /** That a message tells the shape of what was typed alone, whatever class an admin gives the field. */
  readonly neverShown?: true;
  /** How typed text is cleaned before it is read; one line of text unless said. */
  clean?(text: string): string;
  read(text: string, field: FieldDefinition, context: FieldContext): Reading<Value>;
  /** Reads an exact value that is not text, such as `{ amountPaise }`; undefined when it is none of this type's. */
  readExact?(input: object, field: FieldDefinition, context: FieldContext): Reading<Value> | 'empty' | undefined;
  typeScript(field: FieldDefinition): string;
  print(value: Value, field: FieldDefinition, context: FieldContext): string;
  jsonSchema(field: FieldDefinition, context: FieldContext): JsonSchema;
  mask(value: Value): string;
  normalise(value: Value): string;
  toNumber?(value: Value): number;
}

export function defineType<Value extends FieldValue>(parts: TypeParts<Value>): FieldType<Value> {
  const { expected, clean = cleanText, read, readExact, rules, neverShown = false, ...same } = parts;
  const subjectOf = (text: string | undefined, field: FieldDefinition): string => {
    if (text === undefined) return 'the input';
    return neverShown ? shownShape(text) : shown(text, field, parts.pii);
  };
  return {
    ...same,
    base: parts.name,
    validations: rules.flatMap((rule) => rule.validations),
    parse(input, field, context) {
      const exact = typeof input === 'object' && input !== null ? readExact?.(input, field, context) : undefined;
      if (exact === 'empty') return { ok: true, empty: true };
      const typed = typedText(input, clean);
      if (exact === undefined && typed.kind === 'empty') return { ok: true, empty: true };
      const text = typed.kind === 'text' ? typed.text : undefined;
      const reading = exact ?? (text === undefined ? unreadable(typed) : read(text, field, context));
      if (reading.ok) {
        const entered = reading.entered ?? text ?? parts.print(reading.value, field, context);
        return { ok: true, value: reading.value, entered };
      }
      return refused({
        rule: reading.rule ?? 'type',
        message: `${subjectOf(text, field)} ${reading.reason}`,
        expected: reading.expected ?? expected(field, context),
      });
    },
    validate(value, field, context) {
      return rules.flatMap((rule) => rule.check(value, field, context));
    },
    lint(field, context) {
      return rules.flatMap((rule) => rule.lint(field, context));
    },
  };
}

function unreadable(typed: Typed): Reading<never> {
  return { ok: false, reason: typed.kind === 'unreadable' ? typed.reason : 'is empty' };
}

function refused<Value extends FieldValue>(problem: FieldProblem): ParseResult<Value> {
  return { ok: false, problem };
}
