import type { LeadId } from '../../../foundation/kernel/index.js';
import type { UnitOfWork } from '../../../foundation/persistence/index.js';
import {
  type LookupKeys,
  type LookupRing,
  type LookupRows,
  type LookupStep,
  requireRing,
} from '../../../foundation/privacy/index.js';
import type { LeadStore } from '../lead-store.js';
import { isBehind, leadUnderRing } from '../lead-under-ring.js';

interface LeadRowPorts {
  readonly leads: Pick<LeadStore, 'scan' | 'getForChange' | 'replace'>;
  readonly lookupKeys: LookupKeys;
  readonly unitOfWork: UnitOfWork;
}

const pageSize = 100;
/** Few, so that who changes one of them does not wait long. */
const leadsOfUnit = 20;

/** The hashes that a lead's index has. The lead stays in its version: nothing that anybody sees of it is changed. */
export function leadRows(ports: LeadRowPorts): LookupRows {
  return {
    kind: 'leads',
    async step(after, work, ring): Promise<LookupStep> {
      const page = await ports.leads.scan(after as LeadId | null, pageSize);
      const behind = page.filter((lead) => isBehind(lead, ring)).map(({ id }) => id);
      let changed = 0;
      if (work !== 'count') {
        for (let start = 0; start < behind.length; start += leadsOfUnit) {
          changed += await takeOver(ports, behind.slice(start, start + leadsOfUnit), ring);
        }
      }
      return { next: page.at(-1)?.id ?? null, looked: page.length, found: behind.length, changed };
    },
  };
}

function takeOver(
  { leads, lookupKeys, unitOfWork }: LeadRowPorts,
  ids: readonly LeadId[],
  ring: LookupRing,
): Promise<number> {
  return unitOfWork.run('documents', async (unit) => {
    await requireRing(lookupKeys, unit, ring);
    let changed = 0;
    for (const id of ids) {
      const lead = await leads.getForChange(unit, id);
      if (lead === null || !isBehind(lead, ring)) continue;
      if (await leads.replace(unit, leadUnderRing(lead, ring), lead.version)) changed += 1;
    }
    return changed;
  });
}
