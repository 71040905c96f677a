/**
 * Makes every record of a csv file well-formed before it is parsed. One quote that somebody typed (`5" pipe`, `"Ravi`)
 * otherwise swallows the rows after it, or stops the file. A quoted cell may hold line breaks; whether an open quote is
 * such a cell or a slip is decided by what follows: the nearest closing quote, the quotes between, and whether the record
 * then has as many cells as its neighbours.
 */
export class QuoteMender {
  readonly #delimiter: string;
  #waiting: string[] = [];
  readonly #widths: number[] = [];
  #ended = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Takes the next lines of the file and gives those that are settled; a record of several lines stays one text. */
  push(lines: readonly string[]): string[] {
    this.#waiting = this.#waiting.length === 0 ? [...lines] : [...this.#waiting, ...lines];
    return this.#settle();
  }

  /** What is left at the end of the file. */
  end(): string[] {
    this.#ended = true;
    return this.#settle();
  }

  #settle(): string[] {
    const records: string[] = [];
    let at = 0;
    let plainFrom = 0;
    while (at < this.#waiting.length) {
      const line = this.#waiting[at] ?? '';
      if (!line.includes('"')) {
        records.push(line);
        at += 1;
        continue;
      }
      this.#rememberPlain(plainFrom, at);
      plainFrom = at;
      const reading = this.#read(at);
      if (reading === 'needs more') break;
      records.push(reading.text);
      this.#remember(reading.width);
      at += reading.lines;
      plainFrom = at;
    }
    this.#rememberPlain(plainFrom, at);
    this.#waiting = this.#waiting.slice(at);
    return records;
  }

  /** Of lines without quotes the widths are needed only where a line with one follows. */
  #rememberPlain(from: number, to: number): void {
    for (let at = Math.max(from, to - neighbours); at < to; at += 1) {
      this.#remember(widthOf(this.#waiting[at] ?? '', this.#delimiter));
    }
  }

  #remember(width: number): void {
    this.#widths.push(width);
    if (this.#widths.length > neighbours) this.#widths.shift();
  }

  /** The record that begins at a waiting line: as quoted cells where that makes sense, else with stray quotes as letters. */
  #read(at: number): Reading | 'needs more' {
    const asQuoted = this.#quotedReading(at);
    if (asQuoted === 'needs more') return 'needs more';
    if (asQuoted !== 'stray' && asQuoted.clean && asQuoted.lines === 1) return asQuoted;
    const alone = literalReading(this.#waiting[at] ?? '', this.#delimiter);
    if (asQuoted === 'stray') return alone;
    const expected = Math.max(0, ...this.#widths);
    if (asQuoted.width === expected) return asQuoted;
    return alone.width === expected || !asQuoted.clean ? alone : asQuoted;
  }

  #quotedReading(at: number): Reading | 'stray' | 'needs more' {
    const cells: string[] = [];
    let clean = true;
    let text = this.#waiting[at] ?? '';
    let lines = 1;
    let from = 0;
    for (;;) {
      const cell = readCell({ text, from, delimiter: this.#delimiter }, 'double');
      if (cell === 'open') {
        if (lines > mostLinesInRecord || text.length > mostCharactersInRecord) return 'stray';
        // As many lines again, so that a quote which nothing closes is not looked for anew line by line.
        const more = this.#waiting.slice(at + lines, at + Math.min(2 * lines, mostLinesInRecord + 1));
        if (more.length === 0) return this.#ended ? 'stray' : 'needs more';
        text = [text, ...more].join('\n');
        lines += more.length;
        continue;
      }
      clean &&= cell.clean;
      // An unpaired quote in a cell of several lines: the cell was never meant to be open that long.
      if (!cell.clean && text.slice(from, cell.end).includes('\n')) return 'stray';
      cells.push(cell.text);
      if (isLineEnd(text, cell.end)) {
        const taken = linesIn(text.slice(0, cell.end));
        return { text: cells.join(this.#delimiter), width: cells.length, lines: taken, clean };
      }
      from = cell.end + this.#delimiter.length;
      if (isLineEnd(text, from)) {
        const whole = `${cells.join(this.#delimiter)}${this.#delimiter}`;
        return { text: whole, width: cells.length + 1, lines: linesIn(text.slice(0, from)), clean };
      }
    }
  }
}

/** Records whose widths are compared with. */
const neighbours = 20;
const mostLinesInRecord = 100;
const mostCharactersInRecord = 100_000;

interface Reading {
  /** The record as well-formed csv. */
  readonly text: string;
  readonly width: number;
  /** Lines of the file that it takes. */
  readonly lines: number;
  /** False when a quote had to be doubled. */
  readonly clean: boolean;
}

interface ReadCell {
  readonly text: string;
  /** Where the delimiter behind it, or the end of the text, is. */
  readonly end: number;
  readonly clean: boolean;
}

interface CellPlace {
  readonly text: string;
  readonly from: number;
  readonly delimiter: string;
}

/**
 * The cell that begins at a place. A quote inside a quoted cell that does not close it is doubled; with `stop` it ends the
 * reading, and the cell counts as open.
 */
function readCell({ text, from, delimiter }: CellPlace, onStray: 'double' | 'stop'): ReadCell | 'open' {
  const begin = firstInk(text, from, delimiter);
  if (text[begin] !== '"') {
    const end = endOfPlain(text, from, delimiter);
    const plain = text.slice(from, end);
    return plain.includes('"') ? { text: asQuoted(plain), end, clean: true } : { text: plain, end, clean: true };
  }
  let clean = true;
  let content = '';
  let copied = begin + 1;
  for (let at = text.indexOf('"', copied); at >= 0; at = text.indexOf('"', at + 1)) {
    if (text[at + 1] === '"') {
      at += 1;
      continue;
    }
    const end = firstInk(text, at + 1, delimiter);
    if (isLineEnd(text, end) || text.startsWith(delimiter, end)) {
      content += text.slice(copied, at);
      return { text: `"${content}"`, end, clean };
    }
    if (onStray === 'stop') return 'open';
    content += `${text.slice(copied, at)}""`;
    copied = at + 1;
    clean = false;
  }
  return 'open';
}

function widthOf(line: string, delimiter: string): number {
  let width = 1;
  for (let at = line.indexOf(delimiter); at >= 0; at = line.indexOf(delimiter, at + 1)) width += 1;
  return width;
}

/** Past spaces; tabs too, unless they separate the cells. */
function firstInk(text: string, from: number, delimiter: string): number {
  let at = from;
  while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at += 1;
  return at;
}

function endOfPlain(text: string, from: number, delimiter: string): number {
  const next = text.indexOf(delimiter, from);
  const end = next < 0 ? text.length : next;
  const lineEnd = text.slice(from, end).indexOf('\n');
  return lineEnd < 0 ? end : from + lineEnd;
}

function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || text[at] === '\n';
}

function linesIn(text: string): number {
  return text.split('\n').length;
}

function asQuoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** One line in which a cell with an open or unpaired quote is taken as it was typed. */
function literalReading(line: string, delimiter: string): Reading {
  const cells: string[] = [];
  let from = 0;
  for (;;) {
    const cell = readCell({ text: line, from, delimiter }, 'stop');
    if (cell !== 'open') {
      cells.push(cell.text);
      from = cell.end + delimiter.length;
    } else {
      const end = endOfPlain(line, from, delimiter);
      cells.push(asQuoted(line.slice(from, end)));
      from = end + delimiter.length;
    }
    if (from > line.length) return { text: cells.join(delimiter), width: cells.length, lines: 1, clean: true };
  }
}
