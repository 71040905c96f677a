import type { AnyFieldTypeName, InputControl, PiiClass } from './field-definition.js';
import type { FieldType } from './field-type.js';
import { isOwnTypeName, type OwnFieldTypes, pluginOf } from './own-types/index.js';
import { fieldTypes } from './types/index.js';

/** A type that a definition may name, and what a field of it may say. */
export interface FieldTypeSummary {
  readonly name: AnyFieldTypeName;
  /** The plugin that brings it; null for a type that is built in. */
  readonly plugin: string | null;
  /** What its values are kept as: itself where it is built in. */
  readonly base: AnyFieldTypeName;
  /** How its values are protected where a field does not say otherwise. */
  readonly pii: PiiClass;
  /** Rules under `validation`. */
  readonly validations: readonly string[];
  /** The first is the default. */
  readonly controls: readonly InputControl[];
}

/** Every type that is built in, then those of plugins by name. */
export function fieldTypeList(own: OwnFieldTypes): readonly FieldTypeSummary[] {
  return [...Object.values<FieldType>(fieldTypes), ...own.all].map(({ name, base, pii, validations, controls }) => ({
    name,
    plugin: isOwnTypeName(name) ? pluginOf(name) : null,
    base,
    pii,
    validations,
    controls,
  }));
}
