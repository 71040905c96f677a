import type { FieldDefinition, OwnFieldTypeName } from '../field-definition.js';
import type { FieldContext, FieldType } from '../field-type.js';
import { hideAadhaarNumbers, holdsAadhaarNumber } from '../identity/index.js';
import { dateOrderOf } from '../types/date-order.js';
import { defineType, type Reading, type Rule } from '../types/define-type.js';
import { maskAll } from '../types/masks.js';
import { AskedType, longestText, type OwnValue, typeFailed } from './asked-type.js';
import type { PluginFieldType } from './plugin-field-type.js';
import { repeatsPart } from './repeats-part.js';

/** Rules that compare a date with other fields of the same type, which only the built-in ones are. */
const notInherited: readonly string[] = ['before', 'after'];

/** A type of a plugin as LMS asks it. */
export function ownFieldType(plugged: PluginFieldType): FieldType<OwnValue> & { readonly name: OwnFieldTypeName } {
  const type = new AskedType(plugged);
  const { definition, base } = type;
  const { name, pii, expected } = definition;
  const read = (text: string, field: FieldDefinition, context: FieldContext): Reading<OwnValue> =>
    reading(type, text, field, context);
  const inherited: Rule<OwnValue> = {
    validations: [],
    check: (value, field, context) => base.validate(value, field, context),
    lint: (field, context) => base.lint(field, context),
  };
  const defined = defineType<OwnValue>({
    name: definition.base,
    controls: base.controls,
    pii,
    indexKind: base.indexKind,
    rules: [inherited],
    expected: () => expected,
    read,
    readExact(input, field, context) {
      if (definition.base !== 'date' || !(input instanceof Date)) return undefined;
      const day = base.parse(input, field, context);
      if (!day.ok || !('value' in day)) return { ok: false, reason: 'is an invalid Date' };
      return read(String(day.value), field, context);
    },
    // In brackets, whatever it is made of: others are put beside it.
    typeScript: (field) =>
      definition.typescript === undefined ? base.typeScript(field) : `(${definition.typescript})`,
    print(value, _field, context) {
      const printed = type.format(value);
      if (printed?.ok === true && type.readsAs(printed.answer, value, context)) return printed.answer;
      return type.canonical(value, context);
    },
    jsonSchema: (field, context) => ({ ...base.jsonSchema(field, context), ...definition.jsonSchema }),
    mask(value) {
      const masked = type.mask(value);
      return masked?.ok === true ? masked.answer : maskAll();
    },
    normalise(value) {
      const key = type.indexKey(value);
      return key.ok ? key.answer : typeFailed(name, key.failure);
    },
    ...(base.toNumber === undefined ? {} : { toNumber: base.toNumber }),
  });
  return { ...defined, name, validations: base.validations.filter((rule) => !notInherited.includes(rule)) };
}

function reading(type: AskedType, text: string, field: FieldDefinition, context: FieldContext): Reading<OwnValue> {
  const { name, base, pii } = type.definition;
  if (text.length > longestText) return { ok: false, reason: `has more than ${longestText} characters` };
  // Only who says that its numbers are identifiers of their own may have twelve digits that could be an Aadhaar number.
  const typed = base === 'text' && pii !== 'identifier' ? hideAadhaarNumbers(text) : text;
  const given = type.read(typed, { ...context, dateOrder: dateOrderOf(field, context) });
  if (!given.ok) {
    return { ok: false, rule: 'type-failed', reason: `cannot be read: its type ${name} failed (${given.failure})` };
  }
  const { answer } = given;
  if ('value' in answer) return { ok: true, value: answer.value, entered: typed };
  const isOpen = (field.pii ?? pii) === 'none' && !holdsAadhaarNumber(text);
  const isTold = (said: string): boolean => isOpen || !repeatsPart(said, text);
  const { problem, expected } = answer;
  return {
    ok: false,
    reason: isTold(problem) ? problem : 'is not accepted',
    ...(expected !== undefined && isTold(expected) ? { expected } : {}),
  };
}
