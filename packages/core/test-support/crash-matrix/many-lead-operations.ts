import { appendFile, readFile } from 'node:fs/promises';
import { type CreateItem, hasCode } from '../../src/index.js';
import { personOf } from './crash-line.js';
import { activitiesOf, effectOf, hasKey, leadsOf, newLead, prepareLead, refuseOthers, root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject, Workshop } from './operation.js';

const people = [0, 1, 2] as const;

/** Commands on many leads, each lead for itself; and numbers, which are of no lead. */
export const manyLeadOperations: readonly CrashOperation[] = [
  {
    name: 'createMany',
    inParts: true,
    async run(lms, subject) {
      const items = people.map(
        (who): CreateItem => ({ lead: newLead(subject, who), idempotencyKey: `${subject.tag}-${who}` }),
      );
      const outcomes = await lms.as(root).leads.createMany(items);
      const refused = outcomes.filter(({ kind }) => kind !== 'created');
      if (refused.length > 0) throw new Error(`not created: ${JSON.stringify(refused)}`);
    },
    signs: (state, { tag }) => ({
      ...Object.fromEntries(people.map((who) => [`lead ${who}`, hasKey(state, `${tag}-${who}`)])),
      'a lead for each key': leadsOf(state, tag).length === people.length,
    }),
  },
  {
    name: 'updateMany',
    prepare: prepareLeads,
    async run(lms, { serial, leads }) {
      const items = leads.map((lead, who) => ({
        lead,
        expectedVersion: 1,
        patch: { fields: { mobile: personOf({ serial }, 9 - who)['mobile'], city: 'Nashik' } },
      }));
      refuseOthers(await lms.as(root).leads.updateMany(items), ['LEAD_VERSION_STALE']);
    },
    ...effectOf((state, { tag }) =>
      ofEach((who) => {
        const lead = leadsOf(state, tag)[who];
        return {
          'the city': lead?.index.some(({ text }) => text === 'nashik') === true,
          'one activity': activitiesOf(state, lead, 'UPDATED') === 1,
          'its version': lead?.version === 2,
        };
      }),
    ),
  },
  {
    name: 'moveMany',
    async prepare(workshop, subject) {
      const leads = await prepareLeads(workshop, subject);
      for (const lead of leads) {
        await workshop.lms.as(root).leads.completeTask(lead, 'first-call', { fields: { outcome: 'keen' } });
      }
      return leads;
    },
    async run(lms, { leads }) {
      const items = leads.map((lead) => ({ lead, expectedVersion: 2, to: 'contacted', comment: 'spoke' }));
      refuseOthers(await lms.as(root).leads.moveMany(items), ['LEAD_VERSION_STALE']);
    },
    ...effectOf((state, { tag }) =>
      ofEach((who) => {
        const lead = leadsOf(state, tag)[who];
        return {
          'the stage': lead?.stage === 'contacted' && lead.history.length === 2,
          'one activity': activitiesOf(state, lead, 'STAGE_CHANGE') === 1,
          'its version': lead?.version === 3,
        };
      }),
    ),
  },
  {
    name: 'draw a number',
    inParts: true,
    async run(lms, subject) {
      const { leads } = lms.as(root);
      await appendFile(subject.output, `${await leads.nextNumber()}\n`);
      await leads.create(newLead(subject), { idempotencyKey: subject.tag });
    },
    signs: (state, { tag }) => ({ 'one lead': leadsOf(state, tag).length === 1, 'its key': hasKey(state, tag) }),
    /** A number that was given to somebody is given to nobody else, lead or not. */
    async look(lms, { output }) {
      const told = (await readFile(output, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
      const problems = told.filter((number, at) => told.indexOf(number) !== at).map((number) => `${number} came twice`);
      for (const number of told) {
        const holder = await lms
          .as(root)
          .leads.get(number)
          .catch((error: unknown) => {
            if (hasCode(error, 'LEAD_NOT_FOUND')) return null;
            throw error;
          });
        if (holder !== null) problems.push(`${number} was given away, and a lead has it`);
      }
      return problems;
    },
  },
];

async function prepareLeads(workshop: Workshop, subject: PreparedSubject): Promise<readonly string[]> {
  const leads: string[] = [];
  for (const who of people) leads.push(await prepareLead(workshop, subject, who));
  return leads;
}

function ofEach<Made>(make: (who: number) => Made): Readonly<Record<string, Made>> {
  return Object.fromEntries(people.map((who) => [`lead ${who}`, make(who)]));
}
