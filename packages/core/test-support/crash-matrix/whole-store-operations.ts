import { join } from 'node:path';
import { leadsOf, prepareLead, root } from './leads-of-point.js';
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
    inParts: true,
    async prepare(workshop, subject) {
      return [await prepareLead(workshop, subject)];
    },
    async run(lms) {
      await lms.as(root).store.rebuildFacts();
    },
    signs: (state, { tag }) => ({ 'the lead': leadsOf(state, tag).length === 1 }),
  },
  {
    name: 'restore a backup',
    inParts: true,
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await workshop.lms.as(root).backups.create({ file: backupOf(subject) });
      return [lead];
    },
    fill: async () => undefined,
    async run(lms, subject) {
      await lms.restore({ file: backupOf(subject) });
    },
    doneAlready: ['STORE_NOT_EMPTY'],
    signs: (state, { tag }) => ({ 'the lead': leadsOf(state, tag).length === 1 }),
  },
  {
    name: 'migration',
    everyRun: true,
    inParts: true,
    // Loaded when it is needed: it brings the drivers along.
    fill: async (address) => (await import('../releases/load-release.js')).loadRelease(1, address),
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
