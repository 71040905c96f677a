export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface GuessedEncoding {
  readonly encoding: TextEncoding;
  /** Bytes of the byte-order mark at the start of the file. */
  readonly markBytes: number;
}

/** Which file it is and when it was last written. */
export interface FileStamp {
  readonly size: number;
  readonly writtenAt: bigint;
  readonly device: bigint;
  readonly inode: bigint;
}

/** A merged area of several rows. Rows count from 1, columns from 0. */
export interface MergedArea {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly column: number;
}

/** What is merged in a sheet: all areas counted, those of several rows named, from top to bottom. */
export interface MergedAreas {
  readonly count: number;
  readonly tall: readonly MergedArea[];
}

/** What a sheet tells beside its rows. */
export interface SheetFacts {
  readonly merged: MergedAreas;
  /** Rows that are hidden and hold cells. */
  readonly hiddenRows: number;
}

/**
 * What opening a file found out by reading all of it. Plain data, which another thread can be given, so that the file is not checked
 * there again; and the name of this very state of the file: whoever opens it with this is refused when it has changed since.
 */
export interface CheckedFile {
  readonly stamp: FileStamp;
  /** Of a text file. */
  readonly encoding: GuessedEncoding | null;
  /** Of an ndjson file. */
  readonly keys: readonly string[] | null;
  /** Of the sheets of a workbook, by their names. */
  readonly facts: Readonly<Record<string, SheetFacts>> | null;
}
