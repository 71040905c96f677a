export { auditProjection } from './audit-projection.js';
export { type AuditPayload, auditRowOf, payloadHashOf } from './audit-row.js';
export { type AuditGate, type AuditListQuery, type AuditPage, type AuditPorts, AuditService } from './audit-service.js';
export type { AuditQuery, AuditRow, AuditStore } from './audit-store.js';
