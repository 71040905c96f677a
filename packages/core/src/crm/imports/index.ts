export type * from './columns/column-plan.js';
export type { SayingColumn } from './consents/planned-consents.js';
export type { ReadBlock, ReadConsent, SaidCount } from './consents/said-counts.js';
export type { BlockOfFile, ConsentOfFile, ConsentOfFiles } from './consents/said-in-file.js';
export type { ContinuedRun, SharedPart } from './continued-run.js';
export { type DetachedImport, DetachedImports, type DetachedResult } from './detached-imports.js';
export { importJobHandler } from './import-job-handler.js';
export { type ImportOrder, importJobKind, importShareKind } from './import-order.js';
export type { ImportPreview } from './import-preview.js';
export type * from './import-request.js';
export type * from './import-run-store.js';
export type { ImportListQuery } from './import-runs.js';
export { type ImportPorts, ImportService, type SchemaSource } from './import-service.js';
export type { ImportSettings } from './import-settings.js';
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
export { importShareHandler } from './shared-imports.js';
