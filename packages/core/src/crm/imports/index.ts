export type * from './columns/column-plan.js';
export {
  type DetachedImport,
  DetachedImports,
  type DetachedResult,
  importJobHandler,
  importJobKind,
} from './detached-imports.js';
export type { ImportPreview } from './import-preview.js';
export type * from './import-request.js';
export type * from './import-run-store.js';
export {
  type ImportListQuery,
  type ImportPorts,
  ImportService,
  type ImportSettings,
  type SchemaSource,
} from './import-service.js';
export { type AmountUnit, amountUnits, type ColumnMapping, type ColumnTarget } from './mapping-target.js';
export * from './mappings/index.js';
export type * from './receipts/import-receipt-store.js';
export { reasonsText } from './row-report.js';
export {
  type Cell,
  type CellError,
  type CheckedFile,
  defaultRowLimits,
  openRows,
  type ReadingNote,
  type RowLimits,
  type RowSource,
  type SourceForm,
  type SourceRow,
  type TextEncoding,
} from './rows/index.js';
