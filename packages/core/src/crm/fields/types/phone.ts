import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { foldDigits } from '../../../foundation/kernel/index.js';
import type { FieldType } from '../field-type.js';
import { defineType, type Reading } from './define-type.js';
import { maskToLastFour } from './masks.js';
import { patternRule, patternSchema } from './pattern-rule.js';
import { cutBySpreadsheet, isCutBySpreadsheet } from './typed-text.js';

const homeCountry: CountryCode = 'IN';
const longestText = 60;

/** An Indian mobile number in its usual spellings; by far the most of what comes in, read without the whole library. */
const indianMobile = /^(?:\+91|0091|0?91|0)?([6-9]\d{9})$/;

/** Two of them one behind the other, with nothing but spaces between. */
const twoMobiles = /^(?:\+?91|0)?[6-9]\d{9}(?:\+?91|0)?[6-9]\d{9}$/;

/** National part of Indian numbers that reach a person: mobile or landline with area code, not toll-free or short codes. */
const indianNumber = /^[2-9]\d{9}$/;

function read(typed: string): Reading<string> {
  const text = foldDigits(typed)
    .replace(/^tel:/i, '')
    .replace(/(?<=\d)\.0+$/, '');
  if (isCutBySpreadsheet(text)) return { ok: false, reason: cutBySpreadsheet };
  if (text.length > longestText) return { ok: false, reason: 'is too long for a phone number' };
  const mobile = indianMobile.exec(text.replace(/[\s().-]/g, ''))?.[1];
  return mobile === undefined ? readAny(text) : checkedNational('91', mobile);
}

function readAny(text: string): Reading<string> {
  if ((text.match(/\d(?:[\s().-]?\d){7,}/g) ?? []).length > 1 || twoMobiles.test(text.replace(/[\s().-]/g, '')))
    return { ok: false, reason: 'holds more than one number' };
  const number = parsePhoneNumberFromString(text, { defaultCountry: homeCountry, extract: false });
  if (number === undefined) return { ok: false, reason: countFault(text) };
  if (number.ext !== undefined) return { ok: false, reason: 'has an extension, which cannot be kept' };
  if (!number.isValid()) return { ok: false, reason: countFault(text) };
  return checkedNational(number.countryCallingCode, number.nationalNumber);
}

function checkedNational(callingCode: string, national: string): Reading<string> {
  if (/^(\d)\1*$/.test(national)) return { ok: false, reason: 'repeats one digit' };
  if (callingCode === '91' && !indianNumber.test(national)) {
    return { ok: false, reason: 'is not the number of a person in India' };
  }
  return { ok: true, value: `+${callingCode}${national}` };
}

function countFault(text: string): string {
  const digits = text.replace(/\D/g, '').length;
  if (digits === 0) return 'is not a phone number';
  if (text.startsWith('+')) return 'is not a number of that country';
  return `is not an Indian number (it has ${digits} ${digits === 1 ? 'digit' : 'digits'})`;
}

/** A phone number of any country as E.164; without a country code it is read as Indian. */
export const phone: FieldType<string> = defineType<string>({
  name: 'phone',
  controls: ['phone', 'input'],
  pii: 'identifier',
  indexKind: 'hash',
  rules: [patternRule('identifier')],
  expected: () => 'a phone number such as 98765 43210, or with its country code such as +971 50 123 4567',
  read,
  typeScript: () => 'string',
  print: (value) => value,
  jsonSchema: (field) => ({ type: 'string', pattern: '^\\+[1-9]\\d{4,14}$', ...patternSchema(field) }),
  mask: maskToLastFour,
  normalise: (value) => value,
});
