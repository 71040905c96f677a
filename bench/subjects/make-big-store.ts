import { type ActorServices, createLms, type Lms } from '#core';
import { sqlite } from '#core/storage/sqlite';
import { newLead } from '../data/new-leads.ts';
import { adminWithLine, personalLoanWithoutFirstCall } from '../data/personal-loan.ts';
import { addStaff, agents } from '../data/staff.ts';
import { progressLine } from '../kit/progress.ts';
import { beSubject } from '../kit/subject.ts';

export interface BigStoreSettings {
  /** Must not exist yet. */
  readonly file: string;
  readonly leads: number;
}

export interface BigStoreMade {
  readonly createSeconds: number;
  readonly moveSeconds: number;
}

const batch = 1000;
/** Where each tenth of the leads goes; the others stay in the first stage. */
const destinations = [
  'contacted',
  'contacted',
  'not-reachable',
  'rejected',
  null,
  null,
  null,
  null,
  null,
  null,
] as const;

await beSubject<BigStoreSettings, BigStoreMade>(async ({ file, leads }) => {
  await using lms = await createLms({ storage: sqlite({ file }) });
  const admin = await adminWithLine(lms, personalLoanWithoutFirstCall());
  await addStaff(admin);
  const start = performance.now();
  const ids = await createLeads(lms, leads);
  const created = performance.now();
  await moveLeads(admin, ids);
  return { createSeconds: (created - start) / 1000, moveSeconds: (performance.now() - created) / 1000 };
});

/** Every other batch is made by an agent, and so owned; the rest has no owner. */
async function createLeads(lms: Lms, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const tell = progressLine('leads made');
  for (let start = 0; start < count; start += batch) {
    const at = start / batch;
    const id = at % 2 === 0 ? 'root' : (agents[((at - 1) / 2) % agents.length]?.id ?? 'root');
    const items = Array.from({ length: Math.min(batch, count - start) }, (_, one) => ({ lead: newLead(start + one) }));
    for (const outcome of await lms.as({ kind: 'user', id }).leads.createMany(items)) {
      if (outcome.kind !== 'created') throw new Error(`a lead was not created: ${JSON.stringify(outcome)}`);
      ids.push(outcome.leadId);
    }
    tell(ids.length);
  }
  return ids;
}

async function moveLeads(admin: ActorServices, ids: readonly string[]): Promise<void> {
  const moves = ids.flatMap((lead, at) => {
    const to = destinations[at % destinations.length] ?? null;
    return to === null ? [] : [{ lead, to }];
  });
  const tell = progressLine('leads moved');
  for (let start = 0; start < moves.length; start += batch) {
    for (const outcome of await admin.leads.moveMany(moves.slice(start, start + batch))) {
      if (!outcome.ok) throw new Error(`a lead was not moved: ${JSON.stringify(outcome)}`);
    }
    tell(start + batch);
  }
}
