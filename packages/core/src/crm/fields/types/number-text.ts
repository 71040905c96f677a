import { type Decimal, foldDigits, parseDecimal, ungroupDigits } from '../../../foundation/kernel/index.js';
import type { Reading } from './define-type.js';
import { cutBySpreadsheet, isCutBySpreadsheet } from './typed-text.js';

const pattern = /^([-+−]?) ?(\d[\d, ]*)?(?:\.(\d*))?$/u;
const mostDigits = 30;

/** A number as people type it: a sign, digits of any Indian script, grouped or not, at most one point. */
export function readNumber(text: string): Reading<Decimal> {
  const folded = foldDigits(text);
  if (isCutBySpreadsheet(folded)) return { ok: false, reason: cutBySpreadsheet };
  const [matched, sign = '', whole = '', fraction = ''] = pattern.exec(folded) ?? [];
  if (matched === undefined || whole + fraction === '') return { ok: false, reason: 'is not a number' };
  const digits = whole === '' ? '0' : ungroupDigits(whole);
  if (digits === undefined) return { ok: false, reason: 'has digits grouped in a way no number is' };
  if (digits.length + fraction.length > mostDigits) return { ok: false, reason: `has more than ${mostDigits} digits` };
  return { ok: true, value: parseDecimal(`${sign === '' || sign === '+' ? '' : '-'}${digits}.${fraction}`) };
}
