import { type CompiledField, compileFields } from './compiled-fields.js';
import type { FieldTypeName } from './field-definition.js';
import type { LineSchema } from './line-schema.js';

/** Spellings that a type reads besides its exact value. */
const alsoTyped: Partial<Record<FieldTypeName, readonly string[]>> = {
  integer: ['string'],
  decimal: ['number'],
  money: ['string', 'number'],
  percent: ['number'],
  boolean: ["'yes'", "'no'"],
  'multi-enum': ['string'],
  aadhaar: ['string'],
  address: ['string'],
};

/**
 * The source of a TypeScript module with one type, `Lines`: by product line, the input that `leads.create` takes and the
 * values that a lead gives back. `createLms<Lines>()` then checks both. The same schemas give the same text.
 */
export function generateTypes(schemas: readonly LineSchema[]): string {
  const lines = [...schemas].sort((a, b) => (a.productLine < b.productLine ? -1 : 1)).map(lineType);
  return `// Written by \`lms schema types\` from the published product lines. Do not edit: publish, then run it again.

/** The product lines of this store. */
export interface Lines {
${lines.join('\n')}}
`;
}

function lineType(schema: LineSchema): string {
  const compiled = [...compileFields(schema).byKey.values()];
  const taken = compiled.filter(({ field }) => !field.retired).map(takenField);
  return `  /** Version ${schema.version}. */
  ${JSON.stringify(schema.productLine)}: {
    /** What \`leads.create\` takes. */
    input: {
${taken.join('')}    };
    /** What a lead gives back; an empty field is absent. */
    values: {
${compiled.map(givenValue).join('')}    };
  };
`;
}

function takenField({ field, type }: CompiledField): string {
  const spellings = [type.typeScript(field), ...(alsoTyped[type.base] ?? [])];
  const needed = field.required === true && field.default === undefined;
  return `${comment(field.label)}      readonly ${field.key}${needed ? '' : '?'}: ${spellings.join(' | ')}${needed ? '' : ' | null'};\n`;
}

function givenValue({ field, type }: CompiledField): string {
  return `      readonly ${field.key}?: ${type.typeScript(field)};\n`;
}

function comment(label: string): string {
  const oneLine = label.replace(/\s+/g, ' ').replaceAll('*/', '* /');
  return `      /** ${oneLine} */\n`;
}
