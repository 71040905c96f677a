import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportRequest, Lms } from '../../src/index.js';
import { crashLine, ownLine, ownSlug, personOf } from './crash-line.js';
import { hasKey, leadsOf, newLead, prepareLead, root } from './lead-operations.js';
import type { CrashOperation, PreparedSubject, Subject } from './operation.js';
import type { RawState } from './raw-state.js';

const dayMillis = 24 * 60 * 60 * 1000;
const importHeadings = ['fullName', 'mobile', 'email', 'pan', 'city'] as const;

/** Imports, definitions, people and housekeeping. */
export const storeOperations: readonly CrashOperation[] = [
  {
    name: 'import',
    everyRun: true,
    inParts: true,
    prepare: (_, subject) => writeRows(subject, [0, 1, 2]),
    run: (lms, subject) => importRows(lms, subject),
    signs: (state, { tag }) => ({
      'its first batch': leadsOf(state, tag).length >= 2,
      'its second batch': leadsOf(state, tag).length === 3,
    }),
  },
  {
    name: 'import that updates',
    inParts: true,
    async prepare(workshop, subject) {
      const lead = await prepareLead(workshop, subject);
      await writeRows(subject, [0, 1]);
      return [lead];
    },
    run: (lms, subject) => importRows(lms, subject, { duplicates: 'update' }),
    signs: (state, { tag }) => ({
      'the new lead': leadsOf(state, tag).length === 2,
      'the change': leadsOf(state, tag).some(({ index }) => index.some(({ text }) => text === 'nagpur')),
    }),
  },
  {
    name: 'save a mapping',
    async run(lms, { tag }) {
      const document = { columns: { Name: 'fullName' } };
      await lms
        .as(root)
        .imports.mappings.save({ productLine: crashLine.slug, name: tag, document }, { expectedVersion: 0 });
    },
    doneAlready: ['MAPPING_CONFLICT'],
    signs: ({ mappings }, { tag }) => ({
      'the mapping': mappings.filter(({ name, version }) => name === tag && version === 1).length === 1,
    }),
  },
  {
    name: 'publish a line',
    async run(lms, subject) {
      await lms.as(root).schemas.publish(ownLine(subject, { grown: false }));
    },
    signs: (state, subject) => definitionSigns(state, subject, { revision: 1, fields: 1, pipeline: 1 }),
  },
  {
    name: 'publish a change',
    async prepare({ lms }, subject) {
      await lms.as(root).schemas.publish(ownLine(subject, { grown: false }));
      return [];
    },
    async run(lms, subject) {
      await lms.as(root).schemas.publish(ownLine(subject, { grown: true }));
    },
    signs: (state, subject) => definitionSigns(state, subject, { revision: 2, fields: 2, pipeline: 2 }),
  },
  {
    name: 'retire a stage',
    inParts: true,
    async prepare({ lms }, subject) {
      await lms.as(root).schemas.publish(ownLine(subject, { grown: true }));
      const { leads } = lms.as(root);
      const lead = await leads.create({ ...newLead(subject), productLine: ownSlug(subject) });
      await leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'keen' } });
      await leads.move(lead.id, { to: 'contacted' });
      await leads.move(lead.id, { to: 'parked' });
      return [lead.id];
    },
    async run(lms, subject) {
      await lms.as(root).stages.retire(ownSlug(subject), 'parked', { moveTo: 'contacted' });
    },
    signs: (state, subject) => ({
      ...definitionSigns(state, subject, { revision: 2, fields: 1, pipeline: 2 }),
      'the lead elsewhere':
        leadsOf(state, subject.tag)[0]
          ?.history.map(({ stage }) => stage)
          .join() === 'new,contacted,parked,contacted',
    }),
  },
  {
    name: 'add a user',
    async run(lms, { tag }) {
      await lms.as(root).users.create({ id: tag, name: 'Crash User', roles: ['agent'], teams: ['west', 'east'] });
    },
    doneAlready: ['USER_EXISTS'],
    signs: (state, { tag }) => ({
      'the user': versionsOf(state, tag).join() === '1',
      'both teams': teamsOf(state, tag).join() === 'east,west',
    }),
  },
  {
    name: 'change a user',
    async prepare({ lms }, { tag }) {
      await lms.as(root).users.create({ id: tag, name: 'Crash User', roles: ['agent'], teams: ['west', 'east'] });
      return [];
    },
    async run(lms, { tag }) {
      await lms.as(root).users.update(tag, { teams: ['north'] });
    },
    signs: (state, { tag }) => ({
      'the user': versionsOf(state, tag).join() === '2',
      'its team': teamsOf(state, tag).join() === 'north',
    }),
  },
  {
    name: 'relay step',
    everyRun: true,
    inParts: true,
    alone: true,
    async prepare(workshop, subject) {
      const { lms, faults, oneDatabase } = workshop;
      workshop.travel(-2 * dayMillis);
      await lms.as(root).leads.create(newLead(subject, 1), { idempotencyKey: subject.tag });
      workshop.travel(2 * dayMillis);
      const lead = await prepareLead(workshop, subject);
      if (oneDatabase) return [lead];
      faults.failNext({ home: 'documents', at: 'before-commit' });
      await lms.as(root).leads.assign(lead, { to: 'asha' });
      faults.failNext({ home: 'ledger', at: 'before-commit' });
      await lms.as(root).leads.create(newLead(subject, 2));
      await lms.settle();
      return [lead];
    },
    async run(lms) {
      await lms.tick();
    },
    signs: (state, subject) => ({
      'the old key forgotten': !hasKey(state, subject.tag),
      'the outbox empty': state.outbox.length === 0,
      'facts of all': leadsOf(state, subject.tag).every(({ id }) => state.facts.some(({ leadId }) => leadId === id)),
    }),
  },
];

async function writeRows(subject: PreparedSubject, people: readonly number[]): Promise<readonly string[]> {
  const rows = people.map((who) => {
    const person: Record<string, string> = { ...personOf(subject, who), city: 'Nagpur' };
    return importHeadings.map((heading) => person[heading]).join(',');
  });
  await writeFile(fileOf(subject), [importHeadings.join(','), ...rows].join('\n'));
  return [];
}

function fileOf({ folder, tag }: Pick<Subject, 'folder' | 'tag'>): string {
  return join(folder, `${tag}.csv`);
}

async function importRows(lms: Lms, subject: Subject, choices: Partial<ImportRequest> = {}): Promise<void> {
  const request = { file: fileOf(subject), productLine: crashLine.slug, campaign: subject.tag, ...choices };
  const { counts, status } = await lms.as(root).imports.run(request);
  if (status !== 'completed') throw new Error(`the import ended ${status}: ${JSON.stringify(counts)}`);
}

function definitionSigns(
  { lines, definitions }: RawState,
  subject: Subject,
  wanted: { readonly revision: number; readonly fields: number; readonly pipeline: number },
): Record<string, boolean> {
  const slug = ownSlug(subject);
  const line = lines.find((each) => each.slug === slug);
  const count = (part: string): number =>
    definitions.filter((each) => each.productLine === slug && each.part === part).length;
  return {
    'the line': line?.revision === wanted.revision,
    ...(wanted.fields === wanted.revision ? { 'its fields': count('fields') === wanted.fields } : {}),
    'its pipeline': count('pipeline') === wanted.pipeline,
  };
}

function versionsOf({ users }: RawState, user: string): readonly number[] {
  return users.filter(({ id }) => id === user).map(({ version }) => version);
}

function teamsOf({ userTeams }: RawState, user: string): readonly string[] {
  return userTeams
    .filter(({ userId }) => userId === user)
    .map(({ team }) => team)
    .toSorted();
}
