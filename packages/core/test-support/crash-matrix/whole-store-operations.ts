import { join } from 'node:path';
import { agent, leadsOf, newLead, prepareLead, root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject } from './operation.js';

/** What is done to a store as a whole. */
export const wholeStoreOperations: readonly CrashOperation[] = [
  {
    name: 'make a store',
    inParts: true,
    fill: async () => undefined,
    async run(lms) {
      await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
    },
    doneAlready: ['USER_EXISTS'],
    signs: ({ users }) => ({ 'one admin': users.map(({ id, version }) => `${id} ${version}`).join() === 'root 1' }),
  },
  {
    name: 'rebuild facts',
    alone: true,
    mends: true,
    inParts: true,
    /** The rows of one lead are wrong, those of another are lost. */
    async prepare(workshop, subject) {
      const wrong = await prepareLead(workshop, subject);
      const lost = await prepareLead(workshop, subject, 1);
      await workshop.damage([
        `UPDATE lead_facts SET stage = 'lost', amount_paise = 1 WHERE lead_id = '${wrong}'`,
        `UPDATE lead_index SET text_value = 'elsewhere' WHERE lead_id = '${wrong}' AND field = 'city'`,
        ...['lead_index', 'stage_stays', 'lead_facts'].map((table) => `DELETE FROM ${table} WHERE lead_id = '${lost}'`),
      ]);
      return [wrong, lost];
    },
    async run(lms) {
      await lms.as(root).store.rebuildFacts();
    },
    signs: ({ facts, index, stays }, { leads: [wrong, lost] }) => ({
      'the row that was wrong': facts.some(({ leadId, stage }) => leadId === wrong && stage === 'new'),
      'its city': index.some(({ leadId, textValue }) => leadId === wrong && textValue === 'pune'),
      'the row that was lost': facts.filter(({ leadId }) => leadId === lost).length === 1,
      'its stay': stays.filter(({ leadId }) => leadId === lost).length === 1,
    }),
  },
  {
    name: 'restore a backup',
    inParts: true,
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await workshop.lms.as(root).leads.assign(lead, { to: 'ravi' });
      await workshop.lms.as(agent).leads.create(newLead(subject, 1), { idempotencyKey: subject.tag });
      await workshop.lms.as(root).leads.delete(await prepareLead(workshop, subject, 2));
      await workshop.lms.settle();
      // Makes the key of the trail's head, so that the backup has it.
      await workshop.lms.tick();
      await workshop.lms.as(root).backups.create({ file: backupOf(subject) });
      return [lead];
    },
    fill: async () => undefined,
    rowsOf: 'prepared',
    shutBy: ['STORE_RESTORING'],
    async run(lms, subject) {
      await lms.restore({ file: backupOf(subject) });
    },
    doneAlready: ['STORE_NOT_EMPTY'],
    signs: (state, { tag }) => ({ 'the leads': leadsOf(state, tag).length === 3 }),
  },
  {
    name: 'migration',
    everyRun: true,
    inParts: true,
    // Loaded when it is needed: it brings the drivers along.
    fill: async (address) => (await import('../releases/load-release.js')).loadRelease(1, address),
    rowsOf: 'filled',
    shutBy: ['STORE_OUTDATED'],
    async run(lms, _subject, { storage }) {
      await storage.migrations.run();
      await lms.ready();
    },
    signs: ({ leads, facts, users }) => ({
      'its leads and facts': leads.length > 0 && leads.length === facts.length,
      'its people': users.length > 0,
    }),
  },
];

function backupOf({ folder, tag }: Pick<PreparedSubject, 'folder' | 'tag'>): string {
  return join(folder, `${tag}-backup`);
}
