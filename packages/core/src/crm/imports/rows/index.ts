export type { CheckedFile, TextEncoding } from './checked-file.js';
export { openRows } from './open-rows.js';
export type {
  Cell,
  CellError,
  ReadingNote,
  ReadRowsOptions,
  RowLimits,
  RowSource,
  SourceForm,
  SourceRow,
} from './row-source.js';
export { defaultRowLimits } from './row-source.js';
