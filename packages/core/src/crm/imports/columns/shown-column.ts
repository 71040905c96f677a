import { maskText } from '../../../foundation/privacy/index.js';
import { columnLetter } from '../heading.js';
import type { Cell } from '../rows/index.js';

const mostSamples = 3;
const longestSample = 30;

/** At most three different values of a column, cut short. @param masked that none may be told in the clear */
export function shownSamples(cells: readonly Cell[], masked: boolean): readonly string[] {
  const texts = new Set<string>();
  for (const cell of cells) {
    const text = cell.text.trim().replace(/\s+/gu, ' ');
    if (text !== '') texts.add(masked && cell.kind !== 'error' ? maskText(text) : cut(text));
    if (texts.size >= mostSamples) break;
  }
  return [...texts];
}

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length > longestSample ? `${letters.slice(0, longestSample - 1).join('')}…` : text;
}

/** A heading as messages name it: its text, or its column's letter. */
export function shownHeading(heading: string, index: number): string {
  const text = heading.trim().replace(/\s+/gu, ' ');
  return text === '' ? columnLetter(index) : text;
}
