export { openRows } from './open-rows.js';
export type { Cell, CellError, ReadRowsOptions, RowLimits, RowSource, SourceForm, SourceRow } from './row-source.js';
export { defaultRowLimits } from './row-source.js';
