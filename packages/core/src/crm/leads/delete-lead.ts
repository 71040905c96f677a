import { LmsError } from '../../foundation/kernel/index.js';
import type { ChangeContext, LeadChange } from './lead-change.js';

/** The lead marked deleted; its unique keys are given back. Null when it is deleted already. */
export function deleteLead(context: ChangeContext): LeadChange | null {
  const { lead, at, principal } = context;
  if (lead.deletedAt !== null) return null;
  return {
    state: { ...lead, deletedAt: at },
    activities: [{ id: context.nextId(), type: 'DELETED', at, actor: principal.ref, data: {}, sealed: null }],
    event: { type: 'lead.deleted', command: 'leads.delete', data: { number: lead.number }, sealed: null },
  };
}

/** The lead as it was before it was deleted. @throws LmsError `LEAD_NOT_DELETED` */
export function restoreLead(context: ChangeContext): LeadChange {
  const { lead, at, principal } = context;
  if (lead.deletedAt === null) {
    throw new LmsError('LEAD_NOT_DELETED', { message: `${lead.number} is not deleted` });
  }
  return {
    state: { ...lead, deletedAt: null },
    activities: [{ id: context.nextId(), type: 'RESTORED', at, actor: principal.ref, data: {}, sealed: null }],
    event: { type: 'lead.restored', command: 'leads.restore', data: { number: lead.number }, sealed: null },
  };
}
