import { basename } from 'node:path';
import { LmsError } from '../../foundation/kernel/index.js';
import { didYouMean, type LineSchema } from '../fields/index.js';
import { fileSha256 } from './file-digest.js';
import { findHeader, type Header, rowsSearchedForHeader } from './find-header.js';
import type { ImportRequest } from './import-request.js';
import { type ColumnPlan, HeadingIndex, matchColumns } from './match-columns.js';
import { openRows, type ReadRowsOptions, type RowLimits, type RowSource, type SourceRow } from './rows/index.js';
import { beyondLimit, unreadable } from './rows/unreadable.js';

/** What is known of a file before its first row is taken. */
export interface ImportPlan {
  readonly source: RowSource;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly sheet: string;
  readonly header: Header;
  readonly columns: ColumnPlan;
  readonly schema: LineSchema;
}

const mostSheetsSearched = 20;

/**
 * Opens the file, finds the header and matches the columns.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `IMPORT_HEADER_NOT_FOUND`, `IMPORT_MAPPING_INVALID`, `LIMIT_EXCEEDED`
 */
export async function planImport(
  request: ImportRequest,
  schema: LineSchema,
  options: { readonly limits: RowLimits; readonly signal?: AbortSignal },
): Promise<ImportPlan> {
  const source = await openRows(request.file, options.limits, options.signal);
  const index = new HeadingIndex(schema);
  const { sheet, header } = await findSheet(source, index, { request, signal: options.signal });
  if (header.headings.length > options.limits.columns) {
    const most = options.limits.columns;
    throw beyondLimit(`The header (row ${header.rowNumber}) has more than ${most} columns.`, 'columns', most);
  }
  const columns = matchColumns(header.headings, index, request.mapping);
  return {
    source,
    fileName: basename(request.file),
    fileSha256: await fileSha256(request.file, options.signal),
    sheet,
    header,
    columns,
    schema,
  };
}

async function findSheet(
  source: RowSource,
  index: HeadingIndex,
  { request, signal }: { readonly request: ImportRequest; readonly signal: AbortSignal | undefined },
): Promise<{ sheet: string; header: Header }> {
  for (const sheet of sheetsToSearch(source, request.sheet)) {
    const header = findHeader(
      await firstRows(source, { sheet, ...(signal === undefined ? {} : { signal }) }),
      index,
      request.mapping,
    );
    if (header !== null) return { sheet, header };
  }
  const expected = [...index.fields.values()].slice(0, 5).map((field) => `"${field.label}"`);
  throw new LmsError('IMPORT_HEADER_NOT_FOUND', {
    message: `No row among the first ${rowsSearchedForHeader} has column headings that name fields of "${request.productLine}", such as ${expected.join(', ')}. Map your own headings to fields if they are different.`,
    path: 'row 1',
  });
}

function sheetsToSearch(source: RowSource, wanted: string | undefined): readonly string[] {
  if (wanted === undefined || source.form.format === 'csv') return source.sheets.slice(0, mostSheetsSearched);
  if (source.sheets.includes(wanted)) return [wanted];
  throw unreadable(
    `The file has no visible sheet ${JSON.stringify(wanted)}${
      didYouMean(wanted, source.sheets) ||
      `; it has ${source.sheets
        .slice(0, 10)
        .map((sheet) => JSON.stringify(sheet))
        .join(', ')}.`
    }`,
  );
}

async function firstRows(source: RowSource, options: ReadRowsOptions): Promise<readonly SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of source.rows(options)) {
    rows.push(row);
    if (rows.length >= rowsSearchedForHeader) break;
  }
  return rows;
}
