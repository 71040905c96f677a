import type { FileHandle } from 'node:fs/promises';
import type { RowLimits } from './row-source.js';
import { SharedStrings } from './shared-strings.js';
import { beyondLimit } from './unreadable.js';
import { readSharedStrings } from './xlsx-strings.js';
import type { ZipEntry } from './zip-directory.js';
import { unpack } from './zip-part.js';

/** The texts that cells of a workbook refer to: all of them, or as many as have been asked for. */
export class WorkbookTexts {
  readonly strings: SharedStrings;
  readonly #steps: AsyncGenerator<void> | null;

  /** @param entry the part that holds them; null when there is none */
  constructor(handle: FileHandle, entry: ZipEntry | null, limits: RowLimits) {
    this.strings = new SharedStrings(limits);
    this.#steps =
      entry === null ? null : readSharedStrings(partWithTexts(handle, entry, limits), this.strings, limits.cellLength);
    if (entry === null) this.strings.finish();
  }

  /**
   * Reads on until the text of a number is there, or the last one.
   * @throws LmsError `IMPORT_FILE_UNREADABLE`, `LIMIT_EXCEEDED`, `DISK_FULL`; MalformedXml
   */
  async upTo(number: number): Promise<void> {
    while (!this.strings.isComplete && this.strings.count <= number) await this.#steps?.next();
    this.strings.flush();
  }

  /** To be called before the file is closed. */
  async stop(): Promise<void> {
    await this.#steps?.return(undefined);
  }

  close(): void {
    this.strings.close();
  }
}

/** @throws LmsError `LIMIT_EXCEEDED` */
export async function* partWithTexts(
  handle: FileHandle,
  entry: ZipEntry,
  limits: RowLimits,
): AsyncGenerator<Uint8Array> {
  const most = limits.sharedTextBytes;
  let bytes = 0;
  for await (const piece of unpack(handle, entry, limits)) {
    bytes += piece.length;
    if (bytes > most) {
      throw beyondLimit('The texts of the spreadsheet are more than the limit.', 'sharedTextBytes', most, entry.name);
    }
    yield piece;
  }
}
