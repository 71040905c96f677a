import { didYouMean } from '../did-you-mean.js';
import type { FieldDefinition } from '../field-definition.js';
import type { FieldListLint, Found } from './field-rules.js';

interface Reference {
  readonly index: number;
  readonly field: FieldDefinition;
  readonly rule: 'before' | 'after';
  readonly key: string;
}

const orderedTypes: readonly string[] = ['date', 'date-time'];

/** `before` and `after` name another field in use of the same date type, and do not run in a circle. */
export function dateOrderProblems({ fields }: FieldListLint): readonly Found[] {
  const references = fields.flatMap((field, index) => referencesOf(field, index));
  const wrong = references.flatMap((reference) => whyWrong(reference, fields));
  return wrong.length > 0 ? wrong : circles(references);
}

function referencesOf(field: FieldDefinition, index: number): readonly Reference[] {
  if (!orderedTypes.includes(field.type)) return [];
  return (['before', 'after'] as const).flatMap((rule) => {
    const key = field.validation?.[rule];
    return key === undefined ? [] : [{ index, field, rule, key }];
  });
}

function whyWrong({ index, field, rule, key }: Reference, fields: readonly FieldDefinition[]): readonly Found[] {
  const found = (message: string): readonly Found[] => [{ path: `[${index}].validation.${rule}`, message }];
  if (key === field.key) return found(`"${key}" cannot be ${rule} itself`);
  const other = fields.find((one) => one.key === key);
  if (other === undefined) {
    return found(
      `there is no field "${key}"${didYouMean(
        key,
        fields.map((one) => one.key),
      )}`,
    );
  }
  if (other.type !== field.type) return found(`"${key}" is a ${other.type} field; expected a ${field.type} field`);
  return other.retired ? found(`"${key}" is retired`) : [];
}

/** A date before itself by way of others can never be given. */
function circles(references: readonly Reference[]): readonly Found[] {
  const later = new Map<string, string[]>();
  for (const { field, rule, key } of references) {
    const [first, second] = rule === 'before' ? [field.key, key] : [key, field.key];
    later.set(first, [...(later.get(first) ?? []), second]);
  }
  return references
    .filter(({ field }) => leadsTo(later, field.key, field.key))
    .map(({ index, field, rule }) => ({
      path: `[${index}].validation.${rule}`,
      message: `"${field.key}" would have to be before itself: the rules run in a circle`,
    }));
}

function leadsTo(later: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const waiting = [...(later.get(from) ?? [])];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (key === to) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    waiting.push(...(later.get(key) ?? []));
  }
  return false;
}
