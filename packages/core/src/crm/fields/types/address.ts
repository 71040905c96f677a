import { cleanText } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import type { AddressValue } from '../field-value.js';
import { hideAadhaarNumbers, stateNamed } from '../identity/index.js';
import { isInSlots, printAddress, readAddressText, slotsOf } from './address-text.js';
import { defineType, type Reading } from './define-type.js';
import { characterCount } from './length-rule.js';
import { maskAll } from './masks.js';
import { readPincode } from './pincode.js';

const longest = { line1: 300, line2: 300, city: 100, state: 100 } as const;
const longestText = 1000;
const partNames: ReadonlySet<string> = new Set([...Object.keys(longest), 'pincode']);

function read(typed: string): Reading<AddressValue> {
  if (typed.length > longestText) return { ok: false, reason: `is longer than ${longestText} characters` };
  const text = hideAadhaarNumbers(typed);
  const reading = isInSlots(text) ? checked(slotsOf(text)) : checked({ ...readAddressText(withoutBars(text)) });
  return reading.ok ? { ...reading, entered: text } : reading;
}

/** The bar parts the slots of a printed address. */
function withoutBars(text: string): string {
  return text.replaceAll('|', '/');
}

function readExact(input: object): Reading<AddressValue> | 'empty' | undefined {
  const entries: [string, unknown][] = Object.entries(input);
  if (Array.isArray(input) || entries.some(([name]) => !partNames.has(name))) return undefined;
  const parts: [string, string][] = [];
  for (const [name, part] of entries) {
    if (part === undefined || part === null) continue;
    if (typeof part !== 'string' && typeof part !== 'number')
      return { ok: false, reason: `has a ${name} that is not text` };
    const text = hideAadhaarNumbers(cleanText(withoutBars(String(part))));
    if (text !== '') parts.push([name, text]);
  }
  return parts.length === 0 ? 'empty' : checked(Object.fromEntries(parts));
}

function checked(parts: Readonly<Record<string, string>>): Reading<AddressValue> {
  const { line1, line2, city, state, pincode } = parts;
  if (line1 === undefined) return { ok: false, reason: 'has no first line' };
  for (const [name, most] of Object.entries(longest)) {
    if (characterCount(parts[name] ?? '') > most)
      return { ok: false, reason: `has a ${name} of more than ${most} characters` };
  }
  const code = pincode === undefined ? undefined : readPincode(pincode);
  if (code?.ok === false) return { ok: false, reason: `has a PIN code that ${code.reason}` };
  return {
    ok: true,
    value: {
      line1,
      ...(line2 === undefined ? {} : { line2 }),
      ...(city === undefined ? {} : { city }),
      ...(state === undefined ? {} : { state: stateNamed(state) ?? state }),
      ...(code === undefined ? {} : { pincode: code.value }),
    },
  };
}

const textPart = (most: number): { readonly type: 'string'; readonly minLength: 1; readonly maxLength: number } => ({
  type: 'string',
  minLength: 1,
  maxLength: most,
});

/** A postal address: its parts, or one line of text from which PIN code, state and city are taken where they are plain. */
export const address: FieldType<AddressValue> = defineType<AddressValue>({
  name: 'address',
  controls: ['address', 'textarea', 'input'],
  pii: 'address',
  indexKind: 'hash',
  rules: [],
  expected: () => 'an address such as 12 MG Road, Indiranagar, Bengaluru, Karnataka 560038',
  read,
  readExact,
  typeScript: () =>
    '{ readonly line1: string; readonly line2?: string; readonly city?: string; readonly state?: string; readonly pincode?: string }',
  print: printAddress,
  jsonSchema: () => ({
    type: 'object',
    properties: {
      line1: textPart(longest.line1),
      line2: textPart(longest.line2),
      city: textPart(longest.city),
      state: textPart(longest.state),
      pincode: { type: 'string', pattern: '^[1-9]\\d{5}$' },
    },
    required: ['line1'],
    additionalProperties: false,
  }),
  mask: maskAll,
  normalise: (value) =>
    [value.line1, value.line2, value.city, value.state, value.pincode]
      .map((part) =>
        (part ?? '')
          .normalize('NFKC')
          .toLowerCase()
          .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
          .trim(),
      )
      .join('|'),
});
