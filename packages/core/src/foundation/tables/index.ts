export { type CsvOptions, csvWriter } from './csv-writer.js';
export { fileFailureReason, placeProblem } from './file-problems.js';
export { jsonLine, ndjsonWriter } from './ndjson-writer.js';
export { NewFile, type NewFileOptions } from './new-file.js';
export {
  type ClockTime,
  emptyCell,
  type NumberStyle,
  type TableCell,
  textCell,
} from './table-cell.js';
export type { ByteSink, TableWriter } from './table-writer.js';
export { longestText } from './xlsx-cells.js';
export { beyondSheet, mostSheetRows, type XlsxOptions, xlsxWriter } from './xlsx-writer.js';
