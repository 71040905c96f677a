/** What the first bytes of a SQLite file say of it (sqlite.org/fileformat2.html, section 1.3). */
export interface FileHeader {
  readonly pageBytes: number;
  /** Null where the file does not say: software older than SQLite 3.7 wrote it last. */
  readonly pages: number | null;
}

export const headerBytes = 100;

const signature = Buffer.from('SQLite format 3\0', 'latin1');
/** Offsets in the header, where numbers have their highest byte first. */
const at = { pageBytes: 16, changeCounter: 24, pages: 28, countedAtChange: 92 };
/** A page of 65,536 bytes does not fit the two bytes, which then say 1. */
const largestPage = 65_536;

/** Null for bytes that begin no SQLite file. */
export function fileHeader(bytes: Buffer): FileHeader | null {
  if (bytes.length < headerBytes || !bytes.subarray(0, signature.length).equals(signature)) return null;
  const said = bytes.readUInt16BE(at.pageBytes);
  const pages = bytes.readUInt32BE(at.pages);
  const isCurrent = bytes.readUInt32BE(at.changeCounter) === bytes.readUInt32BE(at.countedAtChange);
  return { pageBytes: said === 1 ? largestPage : said, pages: isCurrent && pages > 0 ? pages : null };
}
