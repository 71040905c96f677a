export type { FunnelStage } from './funnel.js';
export { type Funnel, type FunnelRequest, type ReportPorts, ReportService } from './report-service.js';
export type * from './report-store.js';
