import { quoted } from '../../../foundation/kernel/index.js';
import type { FieldDefinition, PiiClass } from '../field-definition.js';

const longestShape = 40;

/**
 * What was typed, for a message. Of a field whose class is sealed only the shape is told: `"AAAAA####"` for five letters
 * and four digits, so that a message never holds personal data.
 */
export function shown(text: string, field: FieldDefinition, typeClass: PiiClass): string {
  return (field.pii ?? typeClass) === 'none' ? quoted(text) : `a text of the shape ${quoted(shapeOf(text))}`;
}

function shapeOf(text: string): string {
  return text
    .slice(0, longestShape)
    .replace(/[\p{L}\p{M}]/gu, 'A')
    .replace(/\p{N}/gu, '#');
}
