import { columnLetter } from '../../../foundation/kernel/index.js';
import { maskText } from '../../../foundation/privacy/index.js';
import type { Cell } from '../rows/index.js';
import { longestHeading } from './heading-words.js';

const mostSamples = 3;
const longestSample = 30;
const longestPart = 100;

/** At most three different values of a column, cut short. @param masked that none may be told in the clear */
export function shownSamples(cells: readonly Cell[], masked: boolean): readonly string[] {
  const texts = new Set<string>();
  for (const cell of cells) {
    // A mask shows the end, anything else the beginning; of an endless text neither needs more.
    const hidden = masked && cell.kind !== 'error';
    const part = hidden ? cell.text.slice(-longestPart) : cell.text.slice(0, longestPart);
    const text = part.trim().replace(/\s+/gu, ' ');
    if (text !== '') texts.add(hidden ? maskText(text) : cut(text, longestSample));
    if (texts.size >= mostSamples) break;
  }
  return [...texts];
}

function cut(text: string, longest: number): string {
  const letters = Array.from(text);
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : text;
}

/** A heading as messages name it: its text, cut short where it is no heading any more, or its column's letter. */
export function shownHeading(heading: string, index: number): string {
  const text = heading
    .slice(0, 2 * longestHeading)
    .trim()
    .replace(/\s+/gu, ' ');
  return text === '' ? columnLetter(index) : cut(text, longestHeading);
}
