import { unreadable } from './unreadable.js';

export type FileKind = 'csv' | 'zip';

interface Signature {
  readonly bytes: readonly number[];
  /** What the file is, and what to do; null where it can be read. */
  readonly refusal: string | null;
}

const signatures: readonly Signature[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], refusal: null },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    refusal: 'an old Excel workbook (.xls) or one with a password; save it as .xlsx without a password',
  },
  { bytes: [0x25, 0x50, 0x44, 0x46], refusal: 'a PDF document; export the table as .xlsx or .csv' },
  { bytes: [0x1f, 0x8b], refusal: 'a gzip archive; unpack it first' },
  { bytes: [0x50, 0x4b, 0x05, 0x06], refusal: 'an empty archive' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], refusal: 'a picture' },
  { bytes: [0xff, 0xd8, 0xff], refusal: 'a picture' },
];

/**
 * Tells by content, never by name, how a file is to be read.
 * @param head the first bytes of the file, up to 64 KiB
 * @throws LmsError `IMPORT_FILE_UNREADABLE`
 */
export function fileKind(head: Uint8Array): FileKind {
  if (head.length === 0) throw unreadable('The file is empty.');
  const known = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (known !== undefined) {
    if (known.refusal === null) return 'zip';
    throw unreadable(`The file is ${known.refusal}.`);
  }
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (!utf16 && head.includes(0)) {
    throw unreadable('The file is neither a spreadsheet (.xlsx) nor text (.csv): it holds binary data.', {
      path: `byte ${head.indexOf(0)}`,
    });
  }
  return 'csv';
}
