import type { LineSchema } from './line-schema.js';
import { sameValue } from './same-value.js';

/** What a publish changed on the fields side, by key; for events and messages. */
export interface SchemaChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly retired: readonly string[];
  /** Which of roles, unique, index, searchable and what is kept of types of plugins differ. */
  readonly settings: readonly string[];
}

export function schemaChanges(previous: LineSchema | null, next: LineSchema): SchemaChanges {
  const before = new Map((previous?.fields ?? []).map((field) => [field.key, field]));
  const added: string[] = [];
  const changed: string[] = [];
  const retired: string[] = [];
  for (const field of next.fields) {
    const old = before.get(field.key);
    if (old === undefined) added.push(field.key);
    else if (field.retired === true && old.retired !== true) retired.push(field.key);
    else if (!sameValue(old, field)) changed.push(field.key);
  }
  const settings = (['roles', 'unique', 'index', 'searchable', 'ownTypes'] as const).filter(
    (key) => !sameValue(previous?.[key], next[key]),
  );
  return { added, changed, retired, settings };
}

/** True when both say the same, in the same order; versions apart. */
export function sameSchema(a: LineSchema, b: LineSchema): boolean {
  return sameValue({ ...a, version: 0 }, { ...b, version: 0 });
}
