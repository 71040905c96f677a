export { leadColumns, leadHeadings } from './columns/lead-columns.js';
export {
  type ExportedColumn,
  type ExportFormat,
  type ExportOptions,
  type ExportProgress,
  type ExportRequest,
  type ExportResult,
  exportFormats,
} from './export-request.js';
export { type ExportPorts, ExportService } from './export-service.js';
