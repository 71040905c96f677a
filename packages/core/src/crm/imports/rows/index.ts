export { openRows } from './open-rows.js';
export type {
  Cell,
  CellError,
  CheckedFile,
  ReadingNote,
  ReadRowsOptions,
  RowLimits,
  RowSource,
  SourceForm,
  SourceRow,
  TextEncoding,
} from './row-source.js';
export { defaultRowLimits } from './row-source.js';
