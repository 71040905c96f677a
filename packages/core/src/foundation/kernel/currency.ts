import { LmsError } from './errors.js';
import { quoted } from './quoted.js';

/** How large numbers are grouped and named: `5,00,000` and lakh, or `500,000` and thousand. */
export type NumberStyle = 'indian' | 'western';

/** The ISO 4217 codes that are known. A store has one currency; the default is `INR`. */
export type CurrencyCode = 'INR' | 'NPR' | 'BDT' | 'LKR' | 'USD' | 'EUR' | 'GBP' | 'SGD' | 'AED' | 'KWD' | 'JPY';

export interface Currency {
  /** ISO 4217. */
  readonly code: CurrencyCode;
  /** How many decimal digits the minor unit has: 2 for paise and cents, 0 for yen, 3 for fils. */
  readonly minorDigits: number;
  readonly symbol: string;
  readonly style: NumberStyle;
  /** What people write before or after an amount, lower case, beside the code and the symbol. */
  readonly marks: readonly string[];
}

const currencyTable: Record<CurrencyCode, Omit<Currency, 'code'>> = {
  INR: {
    minorDigits: 2,
    symbol: '₹',
    style: 'indian',
    marks: ['rs.', 'rs', 're.', 're', 'rupees', 'rupee', 'रुपये', 'रुपए', 'रुपया', 'रू.', 'रू', 'रु.', 'रु', '₨'],
  },
  NPR: { minorDigits: 2, symbol: 'NPR', style: 'indian', marks: ['rs.', 'rs', 'रु.', 'रु', 'रू.', 'रू'] },
  BDT: { minorDigits: 2, symbol: '৳', style: 'indian', marks: ['tk.', 'tk', 'taka'] },
  LKR: { minorDigits: 2, symbol: 'LKR', style: 'western', marks: ['rs.', 'rs'] },
  USD: { minorDigits: 2, symbol: '$', style: 'western', marks: ['us$', 'dollars', 'dollar'] },
  EUR: { minorDigits: 2, symbol: '€', style: 'western', marks: ['euros', 'euro'] },
  GBP: { minorDigits: 2, symbol: '£', style: 'western', marks: ['pounds', 'pound'] },
  SGD: { minorDigits: 2, symbol: 'S$', style: 'western', marks: [] },
  AED: { minorDigits: 2, symbol: 'AED', style: 'western', marks: ['dhs.', 'dhs', 'dirhams', 'dirham'] },
  KWD: { minorDigits: 3, symbol: 'KWD', style: 'western', marks: ['kd', 'dinars', 'dinar'] },
  JPY: { minorDigits: 0, symbol: '¥', style: 'western', marks: ['yen'] },
};

export const currencyCodes: readonly CurrencyCode[] = Object.keys(currencyTable).filter(isCurrencyCode);

export function isCurrencyCode(text: string): text is CurrencyCode {
  return Object.hasOwn(currencyTable, text);
}

/** @throws LmsError `INPUT_INVALID` for a code that is not in the table */
export function parseCurrencyCode(text: string): CurrencyCode {
  if (isCurrencyCode(text)) return text;
  throw new LmsError('INPUT_INVALID', {
    message: `${quoted(text)} is not a known currency; expected one of ${currencyCodes.join(', ')}`,
  });
}

export function currencyOf(code: CurrencyCode): Currency {
  return { code, ...currencyTable[code] };
}
