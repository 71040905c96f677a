import { LmsError } from '../../foundation/kernel/index.js';
import type { ImportRequest } from './import-request.js';
import type { SourceForm } from './rows/index.js';

const lastHeaderRow = 1000;

const formNames: Readonly<Record<SourceForm['format'], string>> = {
  csv: 'text with separators (csv, tsv)',
  ndjson: 'lines of JSON (ndjson)',
  xlsx: 'a workbook',
};

/**
 * Refuses a sheet or a header row that the file cannot have. What a mapping says of them is passed over there, since it is for
 * other files too.
 * @throws LmsError `USAGE_INVALID`
 */
export function requirePlace(request: ImportRequest, { format }: SourceForm): void {
  const { sheet, headerRow, choicesOfMapping = [] } = request;
  if (headerRow !== undefined && !(Number.isInteger(headerRow) && headerRow >= 1 && headerRow <= lastHeaderRow)) {
    throw refused('headerRow', `The header row is a whole number from 1 to ${lastHeaderRow}, not ${headerRow}`);
  }
  if (sheet !== undefined && format !== 'xlsx' && !choicesOfMapping.includes('sheet')) {
    const said = JSON.stringify(sheet);
    throw refused('sheet', `The file is ${formNames[format]} and has no sheets; leave out the sheet ${said}`);
  }
  if (headerRow !== undefined && format === 'ndjson' && !choicesOfMapping.includes('headerRow')) {
    const said = `leave out the header row ${headerRow}`;
    throw refused('headerRow', `The file is ${formNames[format]}, where keys are the header; ${said}`);
  }
}

function refused(path: 'sheet' | 'headerRow', message: string): LmsError {
  return new LmsError('USAGE_INVALID', { message, path });
}
