import { type Currency, type CurrencyCode, currencyOf, type NumberStyle } from './currency.js';
import { LmsError } from './errors.js';
import { isMinorUnits, type MinorUnits } from './money.js';
import { roundQuotient } from './rounding.js';

/**
 * `plain`: `500000`, `75000.50`, the canonical text for machines. `grouped`: `₹5,00,000`, `₹75,000.50`. `short`: `₹2.5 L`,
 * `₹1.2 Cr`, at most two decimals, for boards. Minor digits are printed, all of them, when they are not zero.
 */
export type AmountStyle = 'plain' | 'grouped' | 'short';

export interface FormatAmountOptions {
  readonly currency?: CurrencyCode;
  readonly style?: AmountStyle;
}

interface ShortUnit {
  readonly name: string;
  readonly major: bigint;
}

const shortUnits: Record<NumberStyle, readonly ShortUnit[]> = {
  indian: [
    { name: 'Cr', major: 10_000_000n },
    { name: 'L', major: 100_000n },
  ],
  western: [
    { name: 'B', major: 1_000_000_000n },
    { name: 'M', major: 1_000_000n },
    { name: 'K', major: 1_000n },
  ],
};

const groupSeparator: Record<NumberStyle, RegExp> = {
  indian: /(?<=\d)(?=(?:\d\d)*\d{3}$)/g,
  western: /(?<=\d)(?=(?:\d{3})+$)/g,
};

/**
 * The amount for people or machines; INR and `grouped` unless said. `plain` and `grouped` are exact: `parseAmount` reads
 * them back to the same amount. `short` rounds HALF_UP to two decimals of its unit.
 * @throws LmsError `AMOUNT_INVALID` when the amount is not a whole number of minor units
 */
export function formatAmount(amount: MinorUnits, options: FormatAmountOptions = {}): string {
  if (!isMinorUnits(amount)) {
    throw new LmsError('AMOUNT_INVALID', { message: `${amount} is not a whole number of minor units (paise)` });
  }
  const currency = currencyOf(options.currency ?? 'INR');
  const sign = amount < 0 ? '-' : '';
  return sign + styles[options.style ?? 'grouped'](BigInt(Math.abs(amount)), currency);
}

const styles: Record<AmountStyle, (magnitude: bigint, currency: Currency) => string> = {
  plain: (magnitude, currency) => inMajor(magnitude, currency.minorDigits),
  grouped: (magnitude, currency) =>
    withSymbol(grouped(inMajor(magnitude, currency.minorDigits), currency.style), currency),
  short: (magnitude, currency) => withSymbol(shortened(magnitude, currency), currency),
};

function inMajor(magnitude: bigint, minorDigits: number): string {
  const digits = magnitude.toString().padStart(minorDigits + 1, '0');
  const whole = digits.slice(0, digits.length - minorDigits);
  const minor = digits.slice(digits.length - minorDigits);
  return /^0*$/.test(minor) ? whole : `${whole}.${minor}`;
}

function grouped(number: string, style: NumberStyle): string {
  const [whole = '', minor] = number.split('.');
  const text = whole.replace(groupSeparator[style], ',');
  return minor === undefined ? text : `${text}.${minor}`;
}

function shortened(magnitude: bigint, currency: Currency): string {
  const minorPerMajor = 10n ** BigInt(currency.minorDigits);
  for (const unit of shortUnits[currency.style]) {
    const hundredths = roundQuotient(magnitude * 100n, unit.major * minorPerMajor, 'HALF_UP');
    if (hundredths >= 100n) return `${grouped(trimmed(inMajor(hundredths, 2)), currency.style)} ${unit.name}`;
  }
  return grouped(inMajor(magnitude, currency.minorDigits), currency.style);
}

function trimmed(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number;
}

function withSymbol(number: string, currency: Currency): string {
  return /^[A-Z]/.test(currency.symbol) && currency.symbol.length === 3
    ? `${currency.symbol} ${number}`
    : currency.symbol + number;
}
