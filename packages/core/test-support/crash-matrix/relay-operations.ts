import type { Lms } from '../../src/index.js';
import { effectOf, hasKey, leadsOf, newLead, prepareLead, root } from './leads-of-point.js';
import type { ApartStore, CrashOperation, PreparedSubject, Subject } from './operation.js';
import { refusedSigns } from './placement-operations.js';
import type { RawState } from './raw-state.js';

const dayMillis = 24 * 60 * 60 * 1000;
/** Tries after which an event is left as stuck. */
const mostAttempts = 8;

/** What follows from commands whose process did not live to see to it. */
export const relayOperations: readonly CrashOperation[] = [
  {
    name: 'relay step',
    everyRun: true,
    alone: true,
    async prepare(workshop, subject) {
      const { lms, apart } = workshop;
      await lms.as(root).users.create({ id: subject.tag, name: 'Crash User', roles: ['agent'], teams: ['west'] });
      workshop.travel(-2 * dayMillis);
      await lms.as(root).leads.create(newLead(subject, 1), { idempotencyKey: subject.tag });
      workshop.travel(2 * dayMillis);
      const lead = await prepareLead(workshop, subject);
      apart.faults.failNext({ home: 'documents', at: 'before-commit' });
      await apart.lms.as(root).leads.assign(lead, { to: 'asha' });
      await createLeft(apart, subject, { by: 'root', who: 2 });
      await createLeft(apart, subject, { by: subject.tag, who: 3 });
      await lms.as(root).users.deactivate(subject.tag);
      return [lead];
    },
    async run(lms) {
      await lms.tick();
    },
    ...effectOf((state, subject) => ({
      'the key': { 'that is old is forgotten': !hasKey(state, subject.tag) },
      'the outbox': { 'is empty': state.outbox.length === 0 },
      'the owner': { 'on the lead': state.leads.find(({ id }) => id === subject.leads[0])?.ownerId === 'asha' },
      'the facts': { 'of all leads': leadsOf(state, subject.tag).length === 4 && hasFacts(state, subject) },
      'the placement': refusedSigns(state, subject.tag),
    })),
  },
  {
    name: 'seal the trail',
    everyRun: true,
    alone: true,
    prepare: async (workshop, subject) => [await prepareLead(workshop, subject)],
    async run(lms) {
      await lms.as(root).audit.seal();
    },
    look: async (lms) => (await lms.as(root).audit.verify()).findings.map(({ message }) => message),
    signs: (state) => ({ 'every row has its place': state.audit.every(({ position }) => position !== null) }),
  },
  {
    name: 'retry stuck events',
    alone: true,
    mends: true,
    async prepare({ lms, apart }, subject) {
      await lms.settle();
      await createLeft(apart, subject, { by: 'root', who: 0 });
      const left = await apart.outbox.waiting('documents', 100);
      await apart.outbox.postpone(
        'documents',
        left.map(({ id }) => ({ id, attempts: mostAttempts, error: 'INTERNAL', dueAt: null })),
      );
      return [];
    },
    async run(lms) {
      await lms.as(root).store.retryStuck();
    },
    signs: (state, subject) => ({
      'nothing stuck': state.outbox.length === 0,
      'the facts': leadsOf(state, subject.tag).length === 1 && hasFacts(state, subject),
    }),
  },
];

/** Makes a lead of which the ledger does not hear. */
async function createLeft(
  { lms, faults }: ApartStore,
  subject: PreparedSubject,
  { by, who }: { readonly by: string; readonly who: number },
): Promise<void> {
  faults.failNext({ home: 'ledger', at: 'before-commit' });
  await asUser(lms, by).leads.create(newLead(subject, who));
  await lms.settle();
}

function asUser(lms: Lms, id: string): ReturnType<Lms['as']> {
  return lms.as({ kind: 'user', id });
}

function hasFacts({ leads, facts }: RawState, { tag }: Subject): boolean {
  return leads
    .filter(({ campaign }) => campaign === tag)
    .every(({ id, version }) => facts.filter((row) => row.leadId === id && row.version === version).length === 1);
}
