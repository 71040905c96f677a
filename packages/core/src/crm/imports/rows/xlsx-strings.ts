import { readXml } from './read-xml.js';
import type { SharedStrings } from './shared-strings.js';

/**
 * Reads the texts that cells of a workbook refer to by number, a piece at each step. Runs of one text are joined; phonetic guides are
 * left out.
 * @param mostCharacters of a longer text one character more than that is kept, so that whoever reads sees that it is too long
 */
export async function* readSharedStrings(
  xml: AsyncIterable<Uint8Array>,
  strings: SharedStrings,
  mostCharacters: number,
): AsyncGenerator<void> {
  let current = '';
  let inPhonetic = false;
  const handlers = {
    wantsText: false,
    open(name: string): void {
      if (name === 't') handlers.wantsText = !inPhonetic;
      else if (name === 'si') current = '';
      else if (name === 'rPh') inPhonetic = true;
    },
    text(text: string): void {
      current = current === '' && text.length <= mostCharacters ? text : joined(current, text, mostCharacters);
    },
    close(name: string): void {
      if (name === 't') handlers.wantsText = false;
      else if (name === 'si') strings.add(unescaped(current));
      else if (name === 'rPh') inPhonetic = false;
    },
  };
  for await (const _ of readXml(xml, handlers)) yield;
  strings.finish();
}

/** Two pieces of a text, at most one character longer than a cell may be. */
export function joined(kept: string, text: string, mostCharacters: number): string {
  return kept + text.slice(0, Math.max(0, mostCharacters + 1 - kept.length));
}

/** `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, §22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text
    .replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .toWellFormed();
}
