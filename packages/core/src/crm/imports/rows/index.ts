export { openRows } from './open-rows.js';
export type { Cell, CellError, RowLimits, RowSource, SourceForm, SourceRow } from './row-source.js';
export { defaultRowLimits } from './row-source.js';
