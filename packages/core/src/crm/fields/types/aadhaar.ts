import { foldDigits } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import type { AadhaarValue } from '../field-value.js';
import { aadhaarNumberFault, holdsAadhaarNumber } from '../identity/index.js';
import { defineType, type Reading } from './define-type.js';

const referencePattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const longestText = 200;
const withReference = /^(.*?),? ref(?:erence)?:? ?(\S+)$/i;

/** The whole number, or its last four behind the marks with which the rest is hidden, or they alone. */
function read(typed: string): Reading<AadhaarValue> {
  if (typed.length > longestText) return { ok: false, reason: 'is too long for an Aadhaar number' };
  const text = foldDigits(typed);
  const [, number = text, referenceKey] = withReference.exec(text) ?? [];
  const digits = number.replace(/[\s-]/g, '').replace(/(?<=\d)\.0+$/, '');
  const hidden = /^[x*•#]{0,8}(\d{4})$/i.exec(digits)?.[1];
  if (hidden !== undefined) return withKey(hidden, referenceKey);
  if (!/^\d+$/.test(digits)) return { ok: false, reason: 'is not an Aadhaar number' };
  if (digits.length === 16)
    return { ok: false, reason: 'has 16 digits, as a virtual id has; give the last four of the Aadhaar' };
  if (digits.length !== 12) return { ok: false, reason: `has ${digits.length} digits, not 12` };
  const fault = aadhaarNumberFault(digits);
  return fault === undefined ? withKey(digits.slice(-4), referenceKey) : { ok: false, reason: fault };
}

function readExact(input: object): Reading<AadhaarValue> | undefined {
  const last4: unknown = 'last4' in input ? input.last4 : undefined;
  const referenceKey: unknown = 'referenceKey' in input ? input.referenceKey : undefined;
  const known = Object.keys(input).every((key) => key === 'last4' || key === 'referenceKey');
  if (typeof last4 !== 'string' || !known) return undefined;
  if (!/^\d{4}$/.test(last4)) return { ok: false, reason: 'has a last4 that is not four digits' };
  if (referenceKey !== undefined && typeof referenceKey !== 'string') {
    return { ok: false, reason: 'has a referenceKey that is not text' };
  }
  return withKey(last4, referenceKey);
}

function withKey(last4: string, referenceKey: string | undefined): Reading<AadhaarValue> {
  if (referenceKey !== undefined && (!referencePattern.test(referenceKey) || holdsAadhaarNumber(referenceKey))) {
    return { ok: false, reason: 'has a reference key that is none, or that holds the number itself' };
  }
  const value: AadhaarValue = { last4, ...(referenceKey === undefined ? {} : { referenceKey }) };
  return { ok: true, value, entered: print(value) };
}

function print(value: AadhaarValue): string {
  return value.referenceKey === undefined ? masked(value) : `${masked(value)}, reference ${value.referenceKey}`;
}

function masked(value: AadhaarValue): string {
  return `XXXX XXXX ${value.last4}`;
}

/**
 * What may be kept of an Aadhaar number: its last four digits and the key under which a vault knows it. The twelve digits
 * are checked and forgotten: they are in no value, no entered text and no message.
 */
export const aadhaar: FieldType<AadhaarValue> = defineType<AadhaarValue>({
  name: 'aadhaar',
  controls: ['input'],
  pii: 'identifier',
  indexKind: 'hash',
  rules: [],
  neverShown: true,
  expected: () =>
    'an Aadhaar number, of which only the last four digits are kept, or those four such as XXXX XXXX 2346',
  read,
  readExact,
  typeScript: () => '{ readonly last4: string; readonly referenceKey?: string }',
  print,
  jsonSchema: () => ({
    type: 'object',
    properties: {
      last4: { type: 'string', pattern: '^\\d{4}$' },
      referenceKey: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$' },
    },
    required: ['last4'],
    additionalProperties: false,
  }),
  mask: masked,
  normalise: (value) => (value.referenceKey === undefined ? value.last4 : `${value.last4}:${value.referenceKey}`),
});
