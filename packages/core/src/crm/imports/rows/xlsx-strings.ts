import { readWholeXml } from './xml-events.js';

/**
 * The texts that cells of a workbook refer to by number. Runs of one text are joined; phonetic guides are left out.
 * @param mostCharacters of a longer text one character more than that is kept, so that whoever reads sees that it is too long
 */
export async function readSharedStrings(
  xml: AsyncIterable<Uint8Array>,
  mostCharacters: number,
): Promise<readonly string[]> {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let inPhonetic = false;
  await readWholeXml(xml, {
    open(name) {
      if (name === 'si') current = '';
      if (name === 'rPh') inPhonetic = true;
      inText = name === 't' && !inPhonetic;
    },
    text(text) {
      if (inText) current += text.slice(0, Math.max(0, mostCharacters + 1 - current.length));
    },
    close(name) {
      if (name === 't') inText = false;
      if (name === 'rPh') inPhonetic = false;
      if (name === 'si') strings.push(unescaped(current));
    },
  });
  return strings;
}

/** `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, §22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
