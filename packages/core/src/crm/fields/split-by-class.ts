import type { HeldValues } from './check-values.js';
import { compileFields } from './compiled-fields.js';
import type { EnteredTexts, FieldValue, FieldValues } from './field-value.js';
import type { FieldSet } from './line-schema.js';

/** Values and typed texts apart by how they are protected. */
export interface SplitValues {
  readonly clear: HeldValues;
  readonly sealed: HeldValues;
}

/** Parts what may rest in the clear from what must be sealed; a key that the schema does not know is sealed. */
export function splitByClass(schema: FieldSet, values: FieldValues, entered: EnteredTexts): SplitValues {
  const { byKey } = compileFields(schema);
  const isClear = (key: string): boolean => byKey.get(key)?.sealed === false;
  const [clearValues, sealedValues] = parted(values, isClear);
  const [clearEntered, sealedEntered] = parted(entered, isClear);
  return {
    clear: { values: clearValues, entered: clearEntered },
    sealed: { values: sealedValues, entered: sealedEntered },
  };
}

/** Puts both sides together again, in the order of the schema's fields. */
export function joinClasses(schema: FieldSet, clear: HeldValues, sealed: HeldValues): HeldValues {
  return {
    values: inOrder(schema, { ...clear.values, ...sealed.values }),
    entered: inOrder(schema, { ...clear.entered, ...sealed.entered }),
  };
}

/** The value as shown to who may not see it. */
export function maskValue(schema: FieldSet, key: string, value: FieldValue): string {
  return compileFields(schema).byKey.get(key)?.type.mask(value) ?? '******';
}

function parted<Value>(
  all: Readonly<Record<string, Value>>,
  isFirst: (key: string) => boolean,
): [Record<string, Value>, Record<string, Value>] {
  const first: Record<string, Value> = {};
  const second: Record<string, Value> = {};
  for (const key of Object.keys(all)) {
    const value = all[key];
    if (value !== undefined) (isFirst(key) ? first : second)[key] = value;
  }
  return [first, second];
}

function inOrder<Value>(schema: FieldSet, all: Record<string, Value>): Record<string, Value> {
  const ordered: Record<string, Value> = {};
  for (const { key } of schema.fields) {
    const value = all[key];
    if (value !== undefined) ordered[key] = value;
  }
  return Object.assign(ordered, all);
}
