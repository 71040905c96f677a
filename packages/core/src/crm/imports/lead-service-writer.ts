import type { Actor } from '../../foundation/kernel/index.js';
import type { CheckOutcome, CreateItem, CreateOutcome, LeadService } from '../leads/index.js';
import type { LeadBatchItem, LeadBatchOutcome, LeadBatchWriter } from './lead-batch-writer.js';

/** Makes the leads of an import with the leads' own service, so that a row is checked like any other lead. */
export function leadServiceWriter(leads: LeadService): LeadBatchWriter {
  return {
    async createMany(actor: Actor, items, { dryRun, signal }) {
      const wanted = items.map(createItem);
      const outcomes: readonly (CreateOutcome | CheckOutcome)[] =
        dryRun === undefined
          ? await leads.createMany(actor, wanted, signal === undefined ? {} : { signal })
          : await leads.checkMany(actor, wanted, dryRun);
      return outcomes.map(batchOutcome);
    },
  };
}

function createItem(item: LeadBatchItem): CreateItem {
  const { idempotencyKey, reference, ...lead } = item;
  return { lead, idempotencyKey, reference };
}

function batchOutcome(outcome: CreateOutcome | CheckOutcome): LeadBatchOutcome {
  switch (outcome.kind) {
    case 'created':
      return { kind: 'created', id: outcome.leadId, number: outcome.number, replayed: outcome.replayed };
    case 'creatable':
      return { kind: 'created', id: null, number: null, replayed: outcome.replayed };
    case 'rejected':
      return { kind: 'rejected', problems: outcome.problems };
    case 'refused':
      throw outcome.error;
    case 'duplicate': {
      const [holder] = outcome.holders;
      return {
        kind: 'duplicate',
        rule: holder?.rule ?? '',
        fields: holder?.fields ?? [],
        of: holder?.number ?? holder?.reference ?? '',
      };
    }
  }
}
