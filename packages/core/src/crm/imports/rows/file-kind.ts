import { unreadable } from './unreadable.js';

interface Signature {
  readonly bytes: readonly number[];
  /** What the file is, and what to do; null where it can be read. */
  readonly refusal: string | null;
}

const oldWorkbook = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const unpackFirst = 'unpack it first';

const signatures: readonly Signature[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], refusal: null },
  { bytes: oldWorkbook, refusal: 'an old Excel workbook (.xls); save it as .xlsx' },
  { bytes: [0x09, 0x08, 0x10, 0x00], refusal: 'an old Excel workbook (.xls); save it as .xlsx' },
  { bytes: [0x25, 0x50, 0x44, 0x46], refusal: 'a PDF document; export the table as .xlsx or .csv' },
  { bytes: [0x7b, 0x5c, 0x72, 0x74, 0x66], refusal: 'a text document (.rtf); save its table as .xlsx or .csv' },
  { bytes: [0x1f, 0x8b], refusal: `a gzip archive; ${unpackFirst}` },
  { bytes: [0x50, 0x4b, 0x05, 0x06], refusal: 'an empty archive' },
  { bytes: [0x42, 0x5a, 0x68], refusal: `a bzip2 archive; ${unpackFirst}` },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], refusal: `an xz archive; ${unpackFirst}` },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], refusal: `a zstd archive; ${unpackFirst}` },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], refusal: `a 7z archive; ${unpackFirst}` },
  { bytes: [0x52, 0x61, 0x72, 0x21, 0x1a], refusal: `a rar archive; ${unpackFirst}` },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], refusal: 'an SQLite database; export the table as .csv' },
  { bytes: [0x50, 0x41, 0x52, 0x31], refusal: 'a Parquet file; export it as .csv' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], refusal: 'a picture' },
  { bytes: [0xff, 0xd8, 0xff], refusal: 'a picture' },
];

/** An old workbook whose directory names this stream is a new one behind a password ([MS-OFFCRYPTO] §1.3.3). */
const encryptedStream = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * Tells by content, never by name, whether a file is an archive or text.
 * @param head the first bytes of the file, up to 64 KiB
 * @throws LmsError `IMPORT_FILE_UNREADABLE`
 */
export function fileKind(head: Uint8Array): 'text' | 'zip' {
  if (head.length === 0) throw unreadable('The file is empty.');
  const known = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (known === undefined) return 'text';
  if (known.refusal === null) return 'zip';
  if (known.bytes === oldWorkbook && Buffer.from(head).includes(encryptedStream)) {
    throw unreadable('The file is a workbook with a password; save it without one.');
  }
  throw unreadable(`The file is ${known.refusal}.`);
}

/** Characters that no text of cells has, to so many that are text. */
const charactersPerControl = 200;

const documents: readonly (readonly [start: RegExp, refusal: string])[] = [
  [
    /^<(?:!doctype html|html|table|head|meta|style)/i,
    'a web page, whatever its name says; open it in a spreadsheet program and save it as .xlsx',
  ],
  [/^<\?xml[\s\S]{0,2000}urn:schemas-microsoft-com:office:spreadsheet/i, 'an XML workbook of 2003; save it as .xlsx'],
  [/^<\?xml/i, 'an XML document; export the table as .xlsx or .csv'],
  [/^\[\s*(?:\{|\])/, 'a JSON array; write one object a line (.ndjson)'],
  [/^\{\s*[\r\n]/, 'JSON with line breaks inside of its objects; write one object a line (.ndjson)'],
];

/**
 * Refuses text that is no table.
 * @param sample the beginning of the text
 * @throws LmsError `IMPORT_FILE_UNREADABLE`
 */
export function requireTable(sample: string): void {
  const text = sample.trimStart();
  if (text === '') throw unreadable('The file is empty: it holds nothing but white space.');
  const document = documents.find(([start]) => start.test(text));
  if (document !== undefined) throw unreadable(`The file is ${document[1]}.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const controls = sample.match(/[\u0000-\u0006\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0;
  if (controls === 0 || controls * charactersPerControl <= sample.length) return;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const first = sample.search(/[\u0000-\u0006\u000e-\u001a\u001c-\u001f]/);
  throw unreadable('The file is neither a spreadsheet (.xlsx) nor text (.csv, .ndjson): it holds binary data.', {
    path: `character ${first + 1}`,
  });
}
