import type { UniqueKey } from '../../foundation/persistence/index.js';
import type { LookupHasher } from '../../foundation/privacy/index.js';
import { type FieldValues, type LineSchema, type UniqueValue, uniqueValues } from '../fields/index.js';
import type { LeadStatus } from './lead.js';

/** What decides whether a lead holds its unique keys. */
export interface KeyHolding {
  readonly status: LeadStatus;
  readonly deletedAt: string | null;
  readonly values: FieldValues;
}

/**
 * The unique keys a lead in this state holds: none while deleted; those of `while: open` rules only while it is neither
 * won, lost nor converted.
 */
export function uniqueKeysOf(schema: LineSchema, holding: KeyHolding, hasher: LookupHasher): readonly UniqueKey[] {
  if (holding.deletedAt !== null) return [];
  const open = holding.status === 'pending' || holding.status === 'in_progress';
  return uniqueValues(schema, holding.values)
    .filter((value) => open || value.while === 'always')
    .map((value) => uniqueKeyOf(schema, value, hasher));
}

/** The key under which a unique value is held. */
export function uniqueKeyOf(schema: LineSchema, value: UniqueValue, hasher: LookupHasher): UniqueKey {
  return {
    scope: value.scope === 'store' ? '*' : schema.productLine,
    rule: value.rule,
    hash: hasher.hash(`unique:${value.rule}`, value.text),
  };
}

/** The hash under which `lead_index` holds a personal value. @param name the field's key, or what stands for a part of its value */
export function indexHash(hasher: LookupHasher, name: string, text: string): string {
  return hasher.hash(`index:${name}`, text);
}

/** One text a key, to compare keys. */
export function keyText(key: UniqueKey): string {
  return `${key.scope}\n${key.rule}\n${key.hash}`;
}

/** What to give back and what to take when a lead goes from one set of keys to another. */
export function keyChanges(
  before: readonly UniqueKey[],
  after: readonly UniqueKey[],
): { readonly released: readonly UniqueKey[]; readonly claimed: readonly UniqueKey[] } {
  const had = new Set(before.map(keyText));
  const wants = new Set(after.map(keyText));
  return {
    released: before.filter((key) => !wants.has(keyText(key))),
    claimed: after.filter((key) => !had.has(keyText(key))),
  };
}
