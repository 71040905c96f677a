import { quoted } from '../../../foundation/kernel/index.js';
import type { FieldDefinition, PiiClass } from '../field-definition.js';
import { holdsAadhaarNumber } from '../identity/index.js';

const longestShape = 40;

/**
 * What was typed, for a message. Of a field whose class is sealed only the shape is told: `"AAAAA####"` for five letters
 * and four digits, so that a message never holds personal data; likewise of an Aadhaar number typed where none belongs.
 */
export function shown(text: string, field: FieldDefinition, typeClass: PiiClass): string {
  const isOpen = (field.pii ?? typeClass) === 'none' && !holdsAadhaarNumber(text);
  return isOpen ? quoted(text) : shownShape(text);
}

/** The shape of what was typed, where not even an admin may have it told. */
export function shownShape(text: string): string {
  const shape = text
    .slice(0, longestShape)
    .replace(/[\p{L}\p{M}]/gu, 'A')
    .replace(/\p{N}/gu, '#');
  return `a text of the shape ${quoted(shape)}`;
}
