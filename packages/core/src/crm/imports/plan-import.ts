import { basename } from 'node:path';
import { LmsError } from '../../foundation/kernel/index.js';
import { didYouMean, fieldByKey, isSealed, type LineSchema } from '../fields/index.js';
import type { ColumnPlan } from './columns/column-plan.js';
import { type ConsentTimes, type PlannedConsents, plannedConsents } from './consents/planned-consents.js';
import { HeadingIndex } from './columns/heading-index.js';
import { fileSha256 } from './file-digest.js';
import { findHeader, type Header, headerAt, rowsSearchedForHeader } from './find-header.js';
import type { ImportRequest } from './import-request.js';
import { type MatchOptions, matchColumns } from './match-columns.js';
import { requirePlace } from './require-place.js';
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
  readonly consents: PlannedConsents;
  readonly schema: LineSchema;
}

const mostSheetsSearched = 20;
/** Rows below the header whose values are held against the headings. */
const rowsSampled = 200;
/** Where a source of ndjson gives its keys. */
const keysRow = 0;

interface PlanOptions {
  readonly limits: RowLimits;
  readonly consentTimes: ConsentTimes;
  readonly signal?: AbortSignal;
}

/**
 * Opens the file, finds the header and matches the columns. Whoever gets the plan closes its source.
 * @throws LmsError `IMPORT_FILE_UNREADABLE`, `IMPORT_FILE_CHANGED`, `IMPORT_HEADER_NOT_FOUND`, `IMPORT_MAPPING_INVALID`,
 * `LIMIT_EXCEEDED`, `DISK_FULL`, `USAGE_INVALID` for a sheet or header row that such a file does not have; as `plannedConsents`
 */
export async function planImport(
  request: ImportRequest,
  schema: LineSchema,
  options: PlanOptions,
): Promise<ImportPlan> {
  const source = await openRows(request.file, options.limits, options.signal);
  try {
    return await planOf(source, request, { schema, ...options });
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function planOf(
  source: RowSource,
  request: ImportRequest,
  { schema, ...options }: PlanOptions & { readonly schema: LineSchema },
): Promise<ImportPlan> {
  const index = new HeadingIndex(schema);
  const { sheet, header, rows } = await findSheet(source, index, { request, signal: options.signal });
  if (header.headings.length > options.limits.columns) {
    const most = options.limits.columns;
    throw beyondLimit(`The header (row ${header.rowNumber}) has more than ${most} columns.`, 'columns', most);
  }
  const consents = await plannedConsents(request, header.headings, options.consentTimes);
  const columns = matchColumns(header.headings, index, {
    ...matchOptions(request),
    sample: rows.filter((row) => row.rowNumber > header.rowNumber).slice(0, rowsSampled),
    isSealed: (key) => {
      const field = fieldByKey(schema, key);
      return field === undefined || isSealed(schema, field);
    },
  });
  return {
    source,
    fileName: basename(request.file),
    fileSha256: await fileSha256(request.file, options.signal),
    sheet,
    header,
    columns: withoutSaying(columns, consents),
    consents,
    schema,
  };
}

/** A column that says what people allow is read, though into no field. */
function withoutSaying(plan: ColumnPlan, { consents, blocks }: PlannedConsents): ColumnPlan {
  const saying = new Set([...consents, ...blocks].map(({ column }) => column?.index));
  return { ...plan, unmatched: plan.unmatched.filter(({ index }) => !saying.has(index)) };
}

/** @throws LmsError `USAGE_INVALID` */
function matchOptions({ mapping, mappingName, leastConfidence, dateOrder }: ImportRequest): MatchOptions {
  if (leastConfidence !== undefined && !(leastConfidence >= 0 && leastConfidence <= 1)) {
    const message = `The least confidence is a number from 0 to 1, not ${leastConfidence}`;
    throw new LmsError('USAGE_INVALID', { message, path: 'leastConfidence' });
  }
  return {
    ...(mapping === undefined ? {} : { mapping }),
    ...(mappingName === undefined ? {} : { mappingName }),
    ...(leastConfidence === undefined ? {} : { leastConfidence }),
    ...(dateOrder === undefined ? {} : { dateOrder }),
  };
}

interface FoundSheet {
  readonly sheet: string;
  readonly header: Header;
  readonly rows: readonly SourceRow[];
}

async function findSheet(
  source: RowSource,
  index: HeadingIndex,
  { request, signal }: { readonly request: ImportRequest; readonly signal: AbortSignal | undefined },
): Promise<FoundSheet> {
  requirePlace(request, source.form);
  // The keys of ndjson are its header whatever they are called.
  const headerRow = source.form.format === 'ndjson' ? keysRow : request.headerRow;
  const glance = async (sheet: string): Promise<FoundSheet | null> => {
    const reading = { sheet, isGlance: true, ...(signal === undefined ? {} : { signal }) };
    const rows = await firstRows(source, reading, headerRow ?? rowsSearchedForHeader);
    const header =
      headerRow === undefined
        ? findHeader(rows.slice(0, rowsSearchedForHeader), index, request.mapping)
        : headerAt(rows, headerRow);
    return header === null ? null : { sheet, header, rows };
  };
  let best: FoundSheet | null = null;
  let last = '';
  for (const sheet of sheetsToSearch(source, request.sheet)) {
    const found = await glance(sheet);
    last = sheet;
    // A cover sheet names a field or two; of equals the first is taken.
    if (found !== null && (best === null || found.header.fieldsNamed > best.header.fieldsNamed)) best = found;
  }
  // What is noticed of a file is about the sheet that was read last.
  if (best !== null) return best.sheet === last ? best : ((await glance(best.sheet)) ?? best);
  if (headerRow !== undefined) {
    throw new LmsError('IMPORT_HEADER_NOT_FOUND', {
      message: `Row ${headerRow}, which is said to be the header, is empty or beyond the end of the file.`,
      path: `row ${headerRow}`,
    });
  }
  const expected = [...index.fields.values()].slice(0, 5).map((field) => `"${field.label}"`);
  throw new LmsError('IMPORT_HEADER_NOT_FOUND', {
    message: `No row among the first ${rowsSearchedForHeader} has column headings that name fields of "${request.productLine}", such as ${expected.join(', ')}. Map your own headings to fields if they are different.`,
    path: 'row 1',
  });
}

function sheetsToSearch(source: RowSource, wanted: string | undefined): readonly string[] {
  if (wanted === undefined || source.form.format !== 'xlsx') return source.sheets.slice(0, mostSheetsSearched);
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

/** The rows in which the header lies, and those below it that are sampled. */
async function firstRows(
  source: RowSource,
  options: ReadRowsOptions,
  headerWithin: number,
): Promise<readonly SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of source.rows(options)) {
    rows.push(row);
    if (rows.length >= headerWithin + rowsSampled) break;
  }
  return rows;
}
