import type { Projection } from '../persistence/index.js';
import { auditRowOf } from './audit-row.js';
import type { AuditStore } from './audit-store.js';

/** Writes one row of the trail for every event, in the ledger. */
export function auditProjection(audit: AuditStore): Projection {
  return {
    name: 'audit',
    home: 'ledger',
    handles: () => true,
    project: (unit, events) => audit.insert(unit, events.map(auditRowOf)),
  };
}
