import { readWholeXml } from './read-xml.js';

/** What a cell's number means, by its format. */
export type NumberMeaning = 'number' | 'percent' | 'date';

/** Formats that every spreadsheet program has without naming them (ECMA-376 part 1, §18.8.30). */
const builtInDates: readonly (readonly [first: number, last: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];
const builtInPercents: readonly number[] = [9, 10];

/** What numbers mean for each cell style of a workbook, in the order of the styles. */
export async function readStyles(xml: AsyncIterable<Uint8Array>): Promise<readonly NumberMeaning[]> {
  const codes = new Map<number, string>();
  const meanings: NumberMeaning[] = [];
  let inCellStyles = false;
  await readWholeXml(xml, {
    wantsText: false,
    open(name, attribute) {
      if (name === 'numFmt') codes.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      if (name === 'cellXfs') inCellStyles = true;
      if (name === 'xf' && inCellStyles) meanings.push(meaningOf(Number(attribute('numFmtId') ?? 0), codes));
    },
    text: () => undefined,
    close(name) {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  return meanings;
}

function meaningOf(id: number, codes: ReadonlyMap<number, string>): NumberMeaning {
  const code = codes.get(id);
  if (code !== undefined) return meaningOfCode(code);
  if (builtInPercents.includes(id)) return 'percent';
  return builtInDates.some(([first, last]) => id >= first && id <= last) ? 'date' : 'number';
}

/** `dd/mm/yyyy`, `0.0%`, `#,##0.00 "days"`: what stands in quotes, brackets or behind a backslash is no sign. */
export function meaningOfCode(code: string): NumberMeaning {
  const signs = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  if (/general/i.test(signs)) return 'number';
  if (/[ymdhs]/i.test(signs)) return 'date';
  return signs.includes('%') ? 'percent' : 'number';
}
