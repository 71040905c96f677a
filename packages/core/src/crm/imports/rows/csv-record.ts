/**
 * The cells of a well-formed record: one in which each cell with a quote in it is in quotes as a whole. White space around a
 * cell is left out, but not inside quotes.
 * @param mostCells of a longer record the rest is left away
 */
export function cellsOfRecord(record: string, delimiter: string, mostCells: number): string[] {
  if (record.includes('"')) return quotedCells(record, delimiter, mostCells);
  const cells = record.split(delimiter, mostCells);
  for (let at = 0; at < cells.length; at += 1) cells[at] = trimmed(cells[at] ?? '');
  return cells;
}

function quotedCells(record: string, delimiter: string, mostCells: number): string[] {
  const cells: string[] = [];
  let from = 0;
  while (cells.length < mostCells) {
    let end: number;
    if (record.charCodeAt(from) === quote) {
      const closing = closingQuote(record, from + 1);
      cells.push(record.slice(from + 1, closing).replaceAll('""', '"'));
      end = closing + 1;
    } else {
      const next = record.indexOf(delimiter, from);
      end = next < 0 ? record.length : next;
      cells.push(trimmed(record.slice(from, end)));
    }
    if (end >= record.length) break;
    from = end + delimiter.length;
  }
  return cells;
}

const quote = 34;

function closingQuote(record: string, from: number): number {
  let at = record.indexOf('"', from);
  while (at >= 0 && record.charCodeAt(at + 1) === quote) at = record.indexOf('"', at + 2);
  return at < 0 ? record.length : at;
}

/** Most cells begin and end with a visible ASCII character, and need no closer look. */
function trimmed(text: string): string {
  return isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1)) ? text : text.trim();
}

function isVisible(code: number): boolean {
  return code > 32 && code < 127;
}
