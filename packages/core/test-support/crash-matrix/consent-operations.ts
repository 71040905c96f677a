import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crashLine, personOf } from './crash-line.js';
import { hasKey, leadsOf, newLead, prepareLead, root } from './leads-of-point.js';
import type { CrashOperation, PreparedSubject, Subject, Workshop } from './operation.js';
import type { RawState } from './raw-state.js';

const purpose = 'contact-by-call';
const firstVersion = 1000;

/** What people allow. */
export const consentOperations: readonly CrashOperation[] = [
  {
    name: 'add a wording',
    async run(lms, { tag, serial }) {
      const wording = { purpose: 'kyc', language: 'en', text: `I agree. ${tag}`, version: firstVersion + serial };
      await lms.as(root).consents.wordings.add(wording);
    },
    signs: ({ consentWordings }, { serial }) => ({
      'the wording': consentWordings.filter(({ version }) => version === firstVersion + serial).length === 1,
    }),
  },
  {
    name: 'give a consent',
    prepare: prepareWording,
    async run(lms, { tag, leads }) {
      await give(lms.as(root).consents, leads, tag);
    },
    signs: (state, subject) => ({
      'the consent': consentsOf(state, subject) === '1',
      'the key': state.commands.filter(({ key }) => key === subject.tag).length === 1,
    }),
  },
  {
    name: 'create with consent',
    async prepare({ lms }) {
      await addWording(lms);
      return [];
    },
    async run(lms, subject) {
      const said = {
        consents: [{ purpose, wording: { language: 'en' }, source: 'web', evidence: { otpReference: 'OTP-7781' } }],
        contactBlocks: [{ channel: 'sms', source: 'web', reason: 'asked in the form' }],
      } as const;
      await lms.as(root).leads.create({ ...newLead(subject), ...said }, { idempotencyKey: subject.tag });
    },
    signs(state, subject) {
      const leads = leadsOf(state, subject.tag).map(({ id }) => id);
      return {
        'one lead': leads.length === 1,
        'its key': hasKey(state, subject.tag),
        'its consent': versionsOf(state.consents, leads) === '1',
        'its block': versionsOf(state.contactBlocks, leads) === '1',
      };
    },
  },
  {
    name: 'import with consents',
    async prepare({ lms }, subject) {
      await addWording(lms);
      const rows = [0, 1].map((who) => [...Object.values(personOf(subject, who)), 'yes', who === 0 ? 'yes' : 'no']);
      const headings = [...Object.keys(personOf(subject)), 'Consent', 'Do not disturb'];
      await writeFile(fileOf(subject), [headings, ...rows].map((cells) => cells.join(',')).join('\n'));
      return [];
    },
    async run(lms, subject) {
      const { status } = await lms.as(root).imports.run({
        file: fileOf(subject),
        productLine: crashLine.slug,
        campaign: subject.tag,
        consents: [{ purpose, wording: { language: 'en' }, column: 'Consent' }],
        contactBlocks: [{ channel: 'sms', column: 'Do not disturb' }],
      });
      if (status !== 'completed') throw new Error(`the import ended ${status}`);
    },
    signs(state, subject) {
      const leads = leadsOf(state, subject.tag).map(({ id }) => id);
      return {
        'two leads': leads.length === 2,
        'their consents': versionsOf(state.consents, leads) === '1,1',
        'the block of one': versionsOf(state.contactBlocks, leads) === '1',
      };
    },
  },
  {
    name: 'withdraw a consent',
    async prepare(workshop, subject) {
      const leads = await prepareWording(workshop, subject);
      await give(workshop.lms.as(root).consents, leads, subject.tag);
      return leads;
    },
    async run(lms, { leads: [lead = ''] }) {
      await lms.as(root).consents.withdraw(lead, { purpose, source: 'call', reason: 'changed my mind' });
    },
    signs: (state, subject) => ({ 'the withdrawal': consentsOf(state, subject) === '2' }),
  },
  {
    name: 'block contact',
    prepare: async (workshop, subject) => [await prepareLead(workshop, subject)],
    run: (lms, subject) => block(lms.as(root).consents, subject),
    signs: (state, subject) => ({ 'the block': blocksOf(state, subject) === '1' }),
  },
  {
    name: 'unblock contact',
    async prepare(workshop, subject) {
      const leads = [await prepareLead(workshop, subject)];
      await block(workshop.lms.as(root).consents, { leads });
      return leads;
    },
    async run(lms, { leads: [lead = ''] }) {
      await lms.as(root).consents.unblock(lead, 'all');
    },
    signs: (state, subject) => ({ 'the block is lifted': blocksOf(state, subject) === '2' }),
  },
];

type Consents = ReturnType<Workshop['lms']['as']>['consents'];

async function prepareWording(workshop: Workshop, subject: PreparedSubject): Promise<readonly string[]> {
  await addWording(workshop.lms);
  return [await prepareLead(workshop, subject)];
}

function fileOf({ folder, tag }: Pick<Subject, 'folder' | 'tag'>): string {
  return join(folder, `${tag}-consents.csv`);
}

async function addWording(lms: Workshop['lms']): Promise<void> {
  await lms.as(root).consents.wordings.add({ purpose, language: 'en', text: 'You may call me.' });
}

async function give(consents: Consents, [lead = '']: readonly string[], key: string): Promise<void> {
  const evidence = { otpReference: 'OTP-7781' };
  const given = { purpose, wording: { language: 'en' }, source: 'web', evidence } as const;
  await consents.give(lead, given, { idempotencyKey: key });
}

async function block(consents: Consents, { leads: [lead = ''] }: Pick<Subject, 'leads'>): Promise<void> {
  await consents.block(lead, { channel: 'all', source: 'call' });
}

function consentsOf({ consents }: RawState, { leads }: Subject): string {
  return versionsOf(consents, leads);
}

function blocksOf({ contactBlocks }: RawState, { leads }: Subject): string {
  return versionsOf(contactBlocks, leads);
}

function versionsOf(
  rows: readonly { readonly subjectId: string; readonly version: number }[],
  leads: readonly string[],
): string {
  return rows
    .filter(({ subjectId }) => leads.includes(subjectId))
    .map(({ version }) => version)
    .join();
}
