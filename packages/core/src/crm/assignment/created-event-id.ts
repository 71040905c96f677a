import type { AuditStore } from '../../foundation/audit/index.js';
import { type Instant, type LeadId, toInstant } from '../../foundation/kernel/index.js';
import { type Outbox, outboxLane } from '../../foundation/persistence/index.js';

const endOfTime: Instant = toInstant(Date.UTC(9999, 11, 31));
/** A lane with more than this before the lead's own is one that nobody has told for long; relays go through it from the front. */
const mostWaiting = 500;

/**
 * The id of a lead's `lead.created`, which the placement that came with it has too: where it waits, or in the trail. Null where it is found
 * in neither.
 */
export async function createdEventId(
  { outbox, audit }: { readonly outbox: Pick<Outbox, 'due'>; readonly audit: Pick<AuditStore, 'list'> },
  leadId: LeadId,
): Promise<string | null> {
  const waiting = await outbox.due('documents', outboxLane(leadId), endOfTime, mostWaiting);
  const own = waiting.find(({ event }) => event.type === 'lead.created' && event.aggregate.id === leadId);
  if (own !== undefined) return own.event.id;
  const [told] = await audit.list({ aggregateKind: 'lead', aggregateId: leadId, eventType: 'lead.created', limit: 1 });
  return told?.id ?? null;
}
