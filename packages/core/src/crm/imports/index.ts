export type * from './import-request.js';
export type * from './import-run-store.js';
export {
  type ImportListQuery,
  type ImportPorts,
  ImportService,
  type ImportSettings,
  type SchemaSource,
} from './import-service.js';
export type * from './lead-batch-writer.js';
export type { ColumnMapping, ColumnMatch, ColumnPlan, MatchReason, UnmatchedColumn } from './match-columns.js';
export { reasonsText } from './row-report.js';
export {
  type Cell,
  defaultRowLimits,
  openRows,
  type RowLimits,
  type RowSource,
  type SourceForm,
  type SourceRow,
} from './rows/index.js';
