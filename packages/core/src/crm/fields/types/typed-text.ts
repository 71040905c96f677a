import { cleanText, decimalFromNumber } from '../../../foundation/kernel/index.js';

/** What came in, as clean text; or why it cannot be one, as a phrase to put behind "the input". */
export type Typed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const empty: Typed = { kind: 'empty' };
const longestInput = 100_000;

/** Reads typed text, a number or a truth value as the text that a person would see. */
export function typedText(input: unknown, clean: (text: string) => string = cleanText): Typed {
  switch (typeof input) {
    case 'string':
      return input.length > longestInput ? unreadable('is far too long') : textOrEmpty(clean(input));
    case 'number':
      return numberText(input);
    case 'boolean':
    case 'bigint':
      return { kind: 'text', text: String(input) };
    case 'undefined':
      return empty;
    case 'object':
      return input === null ? empty : unreadable(Array.isArray(input) ? 'is a list' : 'is an object');
    default:
      return unreadable(`is a ${typeof input}`);
  }
}

function textOrEmpty(text: string): Typed {
  return text === '' ? empty : { kind: 'text', text };
}

function numberText(input: number): Typed {
  if (!Number.isFinite(input)) return unreadable('is not a number');
  if (Math.abs(input) > Number.MAX_SAFE_INTEGER) {
    return unreadable('is a number so large that its last digits are lost; give it as text');
  }
  return { kind: 'text', text: decimalFromNumber(input) };
}

function unreadable(reason: string): Typed {
  return { kind: 'unreadable', reason };
}

/** A long number that a spreadsheet has cut to `9.87654E+09`: its digits cannot be had back. */
export function isCutBySpreadsheet(text: string): boolean {
  return /^\d(?:\.\d+)?e\+?\d{1,3}$/i.test(text);
}

export const cutBySpreadsheet =
  'is a number whose digits a spreadsheet has dropped; format the column as text and enter it again';
