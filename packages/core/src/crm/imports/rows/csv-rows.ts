import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { isErrorMark, unmarkedText } from '../../../foundation/kernel/index.js';
import { isEmptyRow, textCell } from './cells.js';
import { type CsvDialect, guessDialect } from './csv-dialect.js';
import { type ReadTextOptions, readLines } from './csv-text.js';
import { QuoteMender } from './mend-quotes.js';
import type { Cell, ReadRowsOptions, RowLimits, RowSource, SourceRow } from './row-source.js';
import { beyondLimit, unreadable } from './unreadable.js';

export interface CsvFile {
  readonly file: string;
  readonly totalBytes: number;
  /** The first bytes, for guessing the delimiter. */
  readonly head: Uint8Array;
  readonly limits: RowLimits;
}

/** A csv file as rows: comma, semicolon, tab or bar; quotes mended; short and long rows as they are. */
export function csvRows(csv: CsvFile): RowSource {
  const encoding = csv.head[0] === 0xff ? 'utf-16le' : csv.head[0] === 0xfe ? 'utf-16be' : 'utf-8';
  const dialect = guessDialect(new TextDecoder(encoding).decode(csv.head));
  let bytesRead = 0;
  return {
    form: { format: 'csv', delimiter: dialect.delimiter },
    sheets: [''],
    totalBytes: csv.totalBytes,
    bytesRead: () => bytesRead,
    rows(options) {
      bytesRead = 0;
      const onBytes = (count: number): void => {
        bytesRead += count;
      };
      return records(csv, dialect, { file: csv.file, onBytes, signal: options.signal }, options);
    },
  };
}

async function* records(
  csv: CsvFile,
  dialect: CsvDialect,
  reading: ReadTextOptions,
  options: ReadRowsOptions,
): AsyncGenerator<SourceRow> {
  const parser = parse({
    delimiter: dialect.delimiter,
    record_delimiter: '\n',
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
    trim: true,
  });
  const text = Readable.from(mendedText(reading, dialect));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let rowNumber = 0;
  try {
    for await (const record of parser) {
      rowNumber += 1;
      if (rowNumber > csv.limits.rows) {
        throw beyondLimit(`The file has more than ${csv.limits.rows} rows.`, 'rows', csv.limits.rows);
      }
      options.signal?.throwIfAborted();
      const cells = cellsOf(record, csv.limits);
      if (!isEmptyRow(cells)) yield { rowNumber, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(`The file cannot be read as csv after row ${rowNumber}: ${error.message}`, {
      path: `row ${rowNumber + 1}`,
      cause: error,
    });
  } finally {
    text.destroy();
    parser.destroy();
  }
}

/** One cell more than the limit is kept, so that whoever reads sees that the row is too long. */
function cellsOf(record: readonly string[], limits: RowLimits): Cell[] {
  return record.slice(0, limits.columns + 1).map((written) => {
    const { text, isMarked } = textOf(written);
    if (!isMarked && isErrorMark(text)) return { kind: 'error', text: text.trim(), value: 'formula' };
    return textCell(text, limits.cellLength);
  });
}

/** A csv file tells a spreadsheet program that a cell is text by `="0987"`, or by an apostrophe as {@link unmarkedText} reads it. */
function textOf(written: string): ReturnType<typeof unmarkedText> {
  const quoted = /^="([^"]*)"$/.exec(written)?.[1];
  return quoted === undefined ? unmarkedText(written) : { text: quoted, isMarked: true };
}

async function* mendedText(reading: ReadTextOptions, dialect: CsvDialect): AsyncGenerator<string> {
  const mender = new QuoteMender(dialect.delimiter);
  let first = true;
  for await (const lines of readLines({ ...reading, oldMac: dialect.oldMac })) {
    if (first && /^"?sep=.?"?$/i.test(lines[0] ?? '')) lines.shift();
    first = false;
    const settled = mender.push(lines);
    if (settled.length > 0) yield `${settled.join('\n')}\n`;
  }
  const rest = mender.end();
  if (rest.length > 0) yield `${rest.join('\n')}\n`;
}
