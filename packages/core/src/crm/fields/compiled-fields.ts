import { LmsError } from '../../foundation/kernel/index.js';
import type { FieldDefinition, PiiClass } from './field-definition.js';
import type { FieldType } from './field-type.js';
import type { FieldSet } from './line-schema.js';
import { boundLike, boundType, isOwnTypeName, missingFieldType, pluginOf } from './own-types/index.js';
import { fieldTypes, isAvailableFieldType } from './types/index.js';

/** A field with everything that checking a value needs at hand. */
export interface CompiledField {
  /** As defined, with its protection class spelt out, so that a type knows what it must mask. */
  readonly field: FieldDefinition;
  /** The same with every option still offered: whether a retired one may stay depends on what the record has. */
  readonly withAllOptions: FieldDefinition;
  readonly type: FieldType;
  readonly sealed: boolean;
  readonly retiredOptions: ReadonlySet<string>;
}

/** One of two dates must come first. `subject` is the field whose rule says so. */
export interface DateOrder {
  readonly earlier: CompiledField;
  readonly later: CompiledField;
  readonly subject: CompiledField;
  readonly rule: 'before' | 'after';
}

export interface CompiledFields {
  /** In the order of the schema. */
  readonly list: readonly CompiledField[];
  readonly byKey: ReadonlyMap<string, CompiledField>;
  readonly dateOrders: readonly DateOrder[];
}

const compiledSets = new WeakMap<FieldSet, CompiledFields>();

/** Prepares the fields once; the same set gives the same result. */
export function compileFields(set: FieldSet): CompiledFields {
  const known = compiledSets.get(set);
  if (known !== undefined) return known;
  const list = set.fields.map((field) => compileField(set, field));
  const byKey = new Map(list.map((one) => [one.field.key, one]));
  const compiled = { list, byKey, dateOrders: dateOrdersOf(byKey) };
  compiledSets.set(set, compiled);
  return compiled;
}

/** The field with this key, or undefined. */
export function fieldByKey(set: FieldSet, key: string): FieldDefinition | undefined {
  return compileFields(set).byKey.get(key)?.field;
}

/**
 * How the field's values are protected: what the field says, else `name` for the field in the name role, else what its
 * type says; long text listed in `searchable` is stored in the clear.
 */
export function piiClassOf(set: FieldSet, field: FieldDefinition): PiiClass {
  if (field.pii !== undefined) return field.pii;
  if (set.roles.name === field.key) return 'name';
  const own = fieldTypeOf(field).pii;
  return own === 'free-text' && set.searchable.includes(field.key) ? 'none' : own;
}

/** True when the field's values rest only inside the sealed envelope. */
export function isSealed(set: FieldSet, field: FieldDefinition): boolean {
  return compileFields(set).byKey.get(field.key)?.sealed ?? piiClassOf(set, field) !== 'none';
}

/**
 * The type of a field. One of a plugin that is not here has `missing` set.
 * @throws LmsError `DEFINITION_INVALID` for a type that has no capability yet; publishing refuses those
 */
export function fieldTypeOf(field: FieldDefinition): FieldType {
  if (isOwnTypeName(field.type)) {
    const why = `the plugin "${pluginOf(field.type)}" is not known here`;
    return boundType(field) ?? missingFieldType(field.type, why);
  }
  if (isAvailableFieldType(field.type)) return fieldTypes[field.type];
  throw new LmsError('DEFINITION_INVALID', {
    message: `fields of type "${field.type}" are not available yet`,
    path: field.key,
  });
}

function compileField(set: FieldSet, definition: FieldDefinition): CompiledField {
  const pii = piiClassOf(set, definition);
  const field = boundLike(definition, { ...definition, pii });
  const options = definition.options ?? [];
  return {
    field,
    withAllOptions: options.some((option) => option.retired)
      ? boundLike(field, { ...field, options: options.map(({ retired: _retired, ...option }) => option) })
      : field,
    type: fieldTypeOf(definition),
    sealed: pii !== 'none',
    retiredOptions: new Set(options.filter((option) => option.retired).map((option) => option.value)),
  };
}

function dateOrdersOf(byKey: ReadonlyMap<string, CompiledField>): readonly DateOrder[] {
  const orders: DateOrder[] = [];
  for (const subject of byKey.values()) {
    const { before, after } = subject.field.validation ?? {};
    const later = before === undefined ? undefined : byKey.get(before);
    const earlier = after === undefined ? undefined : byKey.get(after);
    if (later !== undefined) orders.push({ earlier: subject, later, subject, rule: 'before' });
    if (earlier !== undefined) orders.push({ earlier, later: subject, subject, rule: 'after' });
  }
  return orders;
}
