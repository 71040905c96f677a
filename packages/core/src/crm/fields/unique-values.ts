import { compileFields } from './compiled-fields.js';
import type { FieldValues } from './field-value.js';
import type { LineSchema, UniqueRule } from './line-schema.js';

/** What a lead claims under one unique rule, before hashing. */
export interface UniqueValue {
  /** Name of the rule. */
  readonly rule: string;
  readonly scope: UniqueRule['scope'];
  readonly while: UniqueRule['while'];
  /** The rule's fields, in order. */
  readonly fields: readonly string[];
  /** Equal for equal values and only for them; personal data in the clear. */
  readonly text: string;
}

/** What the values claim: one entry for each rule whose fields all have a value. */
export function uniqueValues(schema: LineSchema, values: FieldValues): readonly UniqueValue[] {
  return schema.unique.flatMap((rule) => {
    const text = textOf(schema, rule, values);
    return text === null ? [] : [{ rule: rule.name, scope: rule.scope, while: rule.while, fields: rule.fields, text }];
  });
}

function textOf(schema: LineSchema, rule: UniqueRule, values: FieldValues): string | null {
  const { byKey } = compileFields(schema);
  const texts: string[] = [];
  for (const key of rule.fields) {
    const value = values[key];
    const type = byKey.get(key)?.type;
    if (value === undefined || type === undefined) return null;
    texts.push(type.normalise(value));
  }
  // A list in JSON keeps ["ab", "c"] apart from ["a", "bc"].
  return texts.length === 1 ? (texts[0] ?? null) : JSON.stringify(texts);
}
