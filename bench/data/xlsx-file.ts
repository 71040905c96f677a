import type { TableCell, TableShape } from './import-rows.ts';
import { ZipFile } from './zip-file.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const pieceLength = 1 << 16;
const dayMillis = 24 * 60 * 60 * 1000;
/** Day 0 of the 1900 date system, for every date after February 1900. */
const dayZero = Date.UTC(1899, 11, 30);

const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${contentType}.worksheet+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/>` +
    `<Override PartName="/xl/sharedStrings.xml" ContentType="${contentType}.sharedStrings+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Leads" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels':
    `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/>` +
    `<Relationship Id="rId2" Type="${relations}/styles" Target="styles.xml"/>` +
    `<Relationship Id="rId3" Type="${relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  // Format 1 is a date.
  'xl/styles.xml':
    `<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
};

/**
 * Writes the first `rows` rows of a table as Excel saves them: texts as shared strings, each once, in the order in which they
 * are first met; dates as numbers with a date format; the shared strings behind the sheet. Keeps all different texts in
 * memory.
 */
export async function writeXlsx(file: string, table: TableShape, rows: number): Promise<void> {
  const strings = new SharedStrings();
  const zip = new ZipFile(file);
  for (const [name, xml] of Object.entries(parts)) await zip.add(name, [declaration + xml]);
  await zip.add('xl/worksheets/sheet1.xml', joined(sheetXml(table, rows, strings)));
  await zip.add('xl/sharedStrings.xml', joined(strings.xml()));
  await zip.close();
}

function* sheetXml(table: TableShape, rows: number, strings: SharedStrings): Generator<string> {
  const columns = table.headings.map((_, at) => columnName(at));
  const span = `1:${columns.length}`;
  const rowXml = (rowNumber: number, cells: readonly TableCell[]): string => {
    const inside = cells.map((cell, at) => cellXml(`${columns[at]}${rowNumber}`, cell, strings)).join('');
    return `<row r="${rowNumber}" spans="${span}">${inside}</row>`;
  };
  yield `${declaration}<worksheet xmlns="${main}"><dimension ref="A1:${columns.at(-1)}${rows + 1}"/><sheetData>`;
  yield rowXml(1, table.headings);
  for (let serial = 0; serial < rows; serial += 1) yield rowXml(serial + 2, table.row(serial));
  yield '</sheetData></worksheet>';
}

function cellXml(place: string, cell: TableCell, strings: SharedStrings): string {
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (cell instanceof Date) return `<c r="${place}" s="1"><v>${(cell.getTime() - dayZero) / dayMillis}</v></c>`;
  return `<c r="${place}" t="s"><v>${strings.indexOf(cell)}</v></c>`;
}

class SharedStrings {
  readonly #indexes: Map<string, number> = new Map();
  #uses = 0;

  indexOf(text: string): number {
    this.#uses += 1;
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    this.#indexes.set(text, index);
    return index;
  }

  *xml(): Generator<string> {
    yield `${declaration}<sst xmlns="${main}" count="${this.#uses}" uniqueCount="${this.#indexes.size}">`;
    for (const text of this.#indexes.keys()) yield `<si><t>${escaped(text)}</t></si>`;
    yield '</sst>';
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A, B ... Z. */
function columnName(at: number): string {
  if (at >= 26) throw new Error('the tables have at most 26 columns');
  return String.fromCharCode('A'.charCodeAt(0) + at);
}

/** Few large pieces instead of many small ones. */
function* joined(pieces: Iterable<string>): Generator<string> {
  let piece = '';
  for (const one of pieces) {
    piece += one;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
