import { cleanText } from './clean-text.js';
import { type Currency, type CurrencyCode, currencyCodes, currencyOf, type NumberStyle } from './currency.js';
import { decimalFromNumber } from './decimal.js';
import { foldDigits } from './digits.js';
import { LmsError } from './errors.js';
import { ungroupDigits } from './grouped-digits.js';
import { type MinorUnits, minorUnitsOf } from './money.js';
import { quoted } from './quoted.js';

export interface ParseAmountOptions {
  /** Default `INR`. */
  readonly currency?: CurrencyCode;
  /**
   * What to do with a text that two people read as two amounts: `1.500`, which is one and a half here and fifteen
   * hundred where the point groups thousands. Default `refuse`.
   */
  readonly ambiguous?: 'refuse' | 'point-is-decimal';
  /** Whether `-500` and `(500)` are taken. Default false. */
  readonly allowNegative?: boolean;
}

/** How many zeros a unit word stands for; normalised, since the dotted letters of Devanagari have two spellings. */
const zerosOfUnit: ReadonlyMap<string, number> = unitTable({
  3: ['k', 'thousand', 'thousands', 'हज़ार', 'हजार'],
  5: ['l', 'lac', 'lacs', 'lakh', 'lakhs', 'लाख'],
  6: ['mn', 'million', 'millions'],
  7: ['cr', 'crs', 'crore', 'crores', 'करोड़', 'करोड'],
  9: ['bn', 'billion', 'billions'],
});

/** Single letters that mean a unit only where numbers are grouped in thousands; in India `5m` may be five months. */
const zerosOfWesternLetter: ReadonlyMap<string, number> = unitTable({ 6: ['m'], 9: ['b'] });

const longestText = 100;
const bareNumber = /^[\d,. ]+$/;
const numberPattern = /^(?<whole>\d[\d, ]*)?(?:\.(?<fraction>\d+))?$/;

/** The amount, or why the text is none: a phrase to put behind the text (`is negative`) that repeats nothing of it. */
export type AmountReading =
  | { readonly ok: true; readonly amount: MinorUnits }
  | { readonly ok: false; readonly code: 'AMOUNT_INVALID' | 'AMOUNT_OUT_OF_RANGE'; readonly reason: string };

/**
 * Reads an amount as people in India type it, exactly: `5,00,000`, `500,000`, `5 00 000`, `₹ 2.5 lakh`, `3L`, `1.2 cr`,
 * `50k`, `Rs. 75,000/-`, `INR 5 lakhs`, `५,००,०००`. The number is in the major unit (rupees), the answer in the minor.
 * Refuses anything that is not one amount of that currency: `1,2,3`, a range, half a paisa, an unasked negative.
 */
export function readAmount(text: string, options: ParseAmountOptions = {}): AmountReading {
  if (text.length > longestText) return refused('is too long for an amount');
  const currency = currencyOf(options.currency ?? 'INR');
  const { negative, rest } = splitSign(foldDigits(cleanText(text)).toLowerCase(), currency);
  const foreign = foreignMark(rest, currency);
  if (foreign !== undefined) return refused(`is in ${foreign}; amounts here are in ${currency.code}`);

  const { number, zeros } = splitUnit(rest, currency.style);
  const { whole = '', fraction = '' } = numberPattern.exec(number)?.groups ?? {};
  if (whole + fraction === '') return refused('is not an amount');
  const digits = whole === '' ? '0' : ungroupDigits(whole);
  if (digits === undefined) return refused('has digits grouped in a way no amount is');
  if (isAmbiguous(number, zeros, currency) && options.ambiguous !== 'point-is-decimal') {
    return refused('can be read with decimals or with thousands; write it without the point or with two decimals');
  }
  if (negative && options.allowNegative !== true && /[1-9]/.test(number)) return refused('is negative');

  const places = zeros + currency.minorDigits;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > places) {
    return refused(`has more than ${currency.minorDigits} decimals; ${currency.code} has no unit as small as that`);
  }
  const magnitude = BigInt(digits + significant.padEnd(places, '0'));
  return magnitude > BigInt(Number.MAX_SAFE_INTEGER)
    ? { ok: false, code: 'AMOUNT_OUT_OF_RANGE', reason: 'is larger than what can be stored exactly' }
    : { ok: true, amount: minorUnitsOf(negative ? -magnitude : magnitude) };
}

/**
 * {@link readAmount} for callers without a use for refusals.
 * @throws LmsError `AMOUNT_INVALID`; `AMOUNT_OUT_OF_RANGE` beyond 2^53 - 1 minor units
 */
export function parseAmount(text: string, options: ParseAmountOptions = {}): MinorUnits {
  const reading = readAmount(text, options);
  if (reading.ok) return reading.amount;
  const { style } = currencyOf(options.currency ?? 'INR');
  throw new LmsError(reading.code, {
    message: `${quoted(text)} ${reading.reason}; expected one such as ${examples[style]}`,
  });
}

/**
 * The amount that a number in the major unit means, exactly: the number's shortest decimal spelling is read, so `0.1` is
 * ten paise and `0.1 + 0.2`, which is not thirty, is refused. Throws as {@link parseAmount}.
 */
export function amountFromNumber(major: number, options: ParseAmountOptions = {}): MinorUnits {
  if (!Number.isFinite(major)) throw new LmsError('AMOUNT_INVALID', { message: `${major} is not an amount` });
  if (Math.abs(major) > Number.MAX_SAFE_INTEGER) return minorUnitsOf(BigInt(major));
  return parseAmount(decimalFromNumber(major), { ...options, ambiguous: 'point-is-decimal' });
}

const examples: Record<NumberStyle, string> = {
  indian: '5,00,000 or 2.5 lakh or 75000.50',
  western: '500,000 or 75000.50',
};

function refused(reason: string): AmountReading {
  return { ok: false, code: 'AMOUNT_INVALID', reason };
}

interface SignedText {
  readonly negative: boolean;
  readonly rest: string;
}

/** Takes off the sign, wherever it stands before the number, the marks of the currency and the endings of a cheque. */
function splitSign(text: string, currency: Currency): SignedText {
  if (bareNumber.test(text)) return { negative: false, rest: text };
  const bracketed = /^\((.*)\)$/.exec(text);
  const inside = withoutMarks((bracketed?.[1] ?? text).trim(), currency);
  const minus = /^[-−–]\s*(?=\S)/u.exec(inside);
  const unsigned = minus === null ? inside.replace(/^\+\s*/, '') : inside.slice(minus[0].length);
  return { negative: bracketed !== null || minus !== null, rest: withoutMarks(unsigned, currency) };
}

function withoutMarks(text: string, currency: Currency): string {
  let rest = text.replace(/\s*(?:\/[-=]|\bonly\.?)\s*$/, '');
  for (const mark of marksOf(currency)) {
    if (rest.startsWith(mark) && !/^[\p{L}\p{M}]/u.test(rest.slice(mark.length))) rest = rest.slice(mark.length).trim();
    if (rest.endsWith(mark) && !/[\p{L}\p{M}]$/u.test(rest.slice(0, -mark.length)))
      rest = rest.slice(0, -mark.length).trim();
  }
  return rest.replace(/\s*\/[-=]$/, '');
}

function marksOf(currency: Currency): readonly string[] {
  return [...currency.marks, currency.code.toLowerCase(), currency.symbol.toLowerCase()];
}

function foreignMark(text: string, own: Currency): CurrencyCode | undefined {
  const letters = text.replace(/[\d\s.,]/g, '');
  return letters === ''
    ? undefined
    : currencyCodes.find((code) => code !== own.code && marksOf(currencyOf(code)).includes(letters));
}

interface UnitText {
  readonly number: string;
  readonly zeros: number;
}

function splitUnit(text: string, style: NumberStyle): UnitText {
  const [, number = text, unit = ''] = /^([\d., ]*\d) ?([\p{L}\p{M}]+)\.?$/u.exec(text) ?? [];
  const zeros = zerosOfUnit.get(unit) ?? (style === 'western' ? zerosOfWesternLetter.get(unit) : undefined);
  return zeros === undefined ? { number: text, zeros: 0 } : { number, zeros };
}

function unitTable(words: Readonly<Record<number, readonly string[]>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(words).flatMap(([zeros, names]) =>
      names.map((name): [string, number] => [name.normalize('NFC'), Number(zeros)]),
    ),
  );
}

function isAmbiguous(number: string, zeros: number, currency: Currency): boolean {
  return zeros === 0 && currency.minorDigits < 3 && /^[1-9]\d{0,2}\.\d\d0$/.test(number);
}
