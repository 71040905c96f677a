export { csvWriter } from './csv-writer.js';
export { fileFailureReason, placeProblem } from './file-problems.js';
export { fittingName } from './fitting-name.js';
export { jsonLine, ndjsonWriter } from './ndjson-writer.js';
export { NewFile } from './new-file.js';
export { type ClockTime, emptyCell, type TableCell, textCell } from './table-cell.js';
export type { ByteSink, TableWriter } from './table-writer.js';
export { longestText } from './xlsx-cells.js';
export { beyondSheet, mostSheetRows, xlsxWriter } from './xlsx-writer.js';
