import { LmsError } from '../../../foundation/kernel/index.js';
import type { OwnFieldTypeName } from '../field-definition.js';
import type { FieldType } from '../field-type.js';
import { fieldTypes } from '../types/index.js';
import { maskAll } from '../types/masks.js';
import type { KeptFieldType } from './kept-field-types.js';

/** The plugin that a type is of. */
export function pluginOf(name: OwnFieldTypeName): string {
  return name.slice(0, name.indexOf('.'));
}

export const howToLoad: string =
  'give it to createLms({ plugins }), or name its module under "plugins" in lms.config.json';

/**
 * Stands for a type whose plugin is not here: what is stored is shown as it is and masked whole, and whatever would have to read, check or
 * compare a value is refused with `FIELD_TYPE_MISSING`.
 * @param kept what the version of the line remembers; without it every value is taken to be personal
 */
export function missingFieldType(name: OwnFieldTypeName, why: string, kept?: KeptFieldType): FieldType {
  const ofBase: FieldType = fieldTypes[kept?.base ?? 'text'];
  const refuse = (): never => {
    throw new LmsError('FIELD_TYPE_MISSING', {
      message: `the field type ${name} cannot be used: ${why}`,
      details: { type: name, plugin: pluginOf(name) },
    });
  };
  return {
    ...ofBase,
    name,
    missing: why,
    pii: kept?.pii ?? 'identifier',
    typeScript: (field) => (kept === undefined ? 'unknown' : ofBase.typeScript(field)),
    jsonSchema: (field, context) => (kept === undefined ? {} : ofBase.jsonSchema(field, context)),
    print: (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
    mask: maskAll,
    lint: () => [],
    parse: refuse,
    validate: refuse,
    normalise: refuse,
  };
}
