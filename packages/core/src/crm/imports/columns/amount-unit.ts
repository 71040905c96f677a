import type { AmountUnit } from '../mapping-target.js';

/** What a bare number of a column counts, as headings say it. */
const unitOfWord: ReadonlyMap<string, AmountUnit> = new Map<string, AmountUnit>([
  ...['thousand', 'thousands', '000', '000s', 'k', 'हजार'].map((word): [string, AmountUnit] => [word, 'thousand']),
  ...['lakh', 'lakhs', 'lac', 'lacs', 'लाख'].map((word): [string, AmountUnit] => [word, 'lakh']),
  ...['million', 'millions', 'mn'].map((word): [string, AmountUnit] => [word, 'million']),
  ...['crore', 'crores', 'cr', 'crs', 'करोड'].map((word): [string, AmountUnit] => [word, 'crore']),
]);

/** Words that say the currency, and nothing of how much. */
export const currencyWords: ReadonlySet<string> = new Set(['rs', 'inr', 'rupees', 'rupee', 'रुपये', 'रु']);

/** The unit that a heading's words name: `Loan Amt (in lakhs)` counts lakhs. null when they name none, or two. */
export function unitOfWords(words: readonly string[]): AmountUnit | null {
  const named = new Set(words.flatMap((word) => unitOfWord.get(word) ?? []));
  const [unit = null] = named;
  return named.size === 1 ? unit : null;
}

/** The words without those that say unit and currency. */
export function withoutUnits(words: readonly string[]): readonly string[] {
  return words.filter((word) => !unitOfWord.has(word) && !currencyWords.has(word) && word !== 's');
}

const unitText: Readonly<Record<AmountUnit, string>> = {
  one: '',
  thousand: ' thousand',
  lakh: ' lakh',
  million: ' million',
  crore: ' crore',
};

/** A number alone: digits, grouping, a point, a sign; the mark of a currency in front, never a unit behind. */
const bareAmount = /^\s*[-+(]?\s*(?:rs\.?|inr|₹)?\s*\p{Nd}[\p{Nd}, ]*(?:\.\p{Nd}+)?\s*\)?\s*$/iu;

/**
 * The text of a cell with the unit of its column behind it, as a person would have typed it: `5` is `5 lakh`. What says its
 * unit itself (`75 k`) or is no number stays as it is. The law that an entered text reads back to its value holds.
 */
export function withUnit(text: string, unit: AmountUnit): string {
  if (unitText[unit] === '' || !bareAmount.test(text)) return text;
  const bracket = /^\s*\((.*)\)\s*$/u.exec(text)?.[1];
  return bracket === undefined ? `${text.trim()}${unitText[unit]}` : `(${bracket.trim()}${unitText[unit]})`;
}

/** From this on a bare number is likelier to be the whole amount than so many of the unit. */
const tooMany: Readonly<Record<AmountUnit, number>> = {
  one: Number.POSITIVE_INFINITY,
  thousand: 100_000,
  lakh: 10_000,
  million: 10_000,
  crore: 10_000,
};

/** Whether a cell's number cannot sensibly count the unit: `500000` in a column of lakhs. */
export function isTooManyFor(text: string, unit: AmountUnit): boolean {
  return bareAmount.test(text) && Math.abs(Number(text.replace(/[^\d.]/g, ''))) >= tooMany[unit];
}
