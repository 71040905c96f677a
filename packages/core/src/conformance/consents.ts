import { deepStrictEqual, equal } from 'node:assert/strict';
import type {
  ConsentPerson,
  PersonHashes,
  StoredConsent,
  StoredContactBlock,
  StoredWithdrawal,
} from '../foundation/privacy/consent/consent-store.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 20;
const purpose = 'credit-bureau';

function samplePerson(context: ConformanceContext, change: Partial<ConsentPerson> = {}): ConsentPerson {
  return {
    subject: { kind: 'lead', id: context.ids.next<'lead'>() },
    phoneHash: context.word('phone'),
    emailHash: context.word('email'),
    ...change,
  };
}

function sampleConsent(context: ConformanceContext, change: Partial<StoredConsent> = {}): StoredConsent {
  return {
    id: context.ids.next<'consent'>(),
    person: samplePerson(context),
    purpose,
    partner: null,
    dataItems: ['bureau score', 'नाम'],
    wording: { language: 'en', version: 3, hash: 'ab'.repeat(32) },
    source: 'web',
    givenAt: instantAfter(0),
    expiresAt: instantAfter(86_400_000),
    recordedAt: instantAfter(5),
    recordedBy: 'user:asha',
    sealedEvidence: 'c2VhbGVkIGV2aWRlbmNl',
    withdrawal: null,
    version: 1,
    ...change,
  };
}

const withdrawal: StoredWithdrawal = {
  at: instantAfter(1000),
  by: 'user:ravi',
  source: 'call',
  sealedReason: 'c2VhbGVkIHJlYXNvbg==',
};

async function keep({ storage }: ConformanceContext, consents: readonly StoredConsent[]): Promise<void> {
  await inUnit(storage, 'ledger', async (unit) => {
    for (const consent of consents) equal(await storage.consents.insert(unit, consent), true);
  });
}

function sampleBlock({ ids }: ConformanceContext, person: ConsentPerson, channel: 'call' | 'all'): StoredContactBlock {
  return {
    id: ids.next<'block'>(),
    person,
    channel,
    blockedAt: instantAfter(0),
    blockedBy: 'user:asha',
    source: 'call',
    sealedReason: null,
    liftedAt: null,
    liftedBy: null,
    version: 1,
  };
}

/** Blocks the channel; false where another block of it stands. */
function block(
  context: ConformanceContext,
  storage: ConformanceContext['storage'],
  person: ConsentPerson,
  channel: 'call' | 'all',
): Promise<boolean> {
  return inUnit(storage, 'ledger', (unit) => storage.contactBlocks.insert(unit, sampleBlock(context, person, channel)));
}

export const consentCases: readonly ConformanceCase[] = [
  {
    id: 'consents/give-once',
    level: 'MUST',
    title: '20 callers who record the same giving at once: one does, and the others find what it wrote',
    async run(context) {
      const person = samplePerson(context);
      const records = Array.from({ length: callers }, () => sampleConsent(context, { person, partner: 'acme-nbfc' }));
      let next = 0;
      const outcomes = await together(context, callers, (store) => {
        const consent = records[next] ?? sampleConsent(context);
        next += 1;
        return inUnit(store, 'ledger', async (unit) => ({
          consent,
          isNew: await store.consents.insert(unit, consent),
        }));
      });
      const made = outcomes.filter(({ isNew }) => isNew).map(({ consent }) => consent);
      equal(made.length, 1);
      const given = { subject: person.subject, purpose, partner: 'acme-nbfc', givenAt: instantAfter(0) };
      const found = await inUnit(context.other, 'ledger', (unit) => context.other.consents.givenAt(unit, given));
      deepStrictEqual(found, made[0]);
      // Another partner, another moment, another subject: other givings.
      await keep(context, [
        sampleConsent(context, { person, partner: null }),
        sampleConsent(context, { person, partner: 'acme-nbfc', givenAt: instantAfter(1) }),
        sampleConsent(context, { partner: 'acme-nbfc' }),
      ]);
    },
  },
  {
    id: 'consents/insert-missing',
    level: 'MUST',
    title:
      '20 callers who write the same consents at once: each is there once, and what is there already stays as it is',
    async run(context) {
      const { storage, other } = context;
      const person = samplePerson(context);
      const gone = sampleConsent(context, { person, purpose: 'kyc' });
      const there = sampleConsent(context, { person, partner: 'acme-nbfc' });
      await keep(context, [gone, there]);
      await inUnit(storage, 'ledger', (unit) => storage.consents.withdraw(unit, gone.id, withdrawal));
      const fresh = [sampleConsent(context, { person }), sampleConsent(context, { person: samplePerson(context) })];
      // The same giving under another id, and the same id once more.
      const same = { ...there, id: context.ids.next<'consent'>(), sealedEvidence: null };
      await together(context, callers, (store) =>
        inUnit(store, 'ledger', (unit) => store.consents.insertMissing(unit, [gone, same, ...fresh])),
      );
      const kept = await Promise.all([...fresh, there].map(({ id }) => other.consents.get(null, id)));
      deepStrictEqual(kept, [...fresh, there]);
      equal(await other.consents.get(null, same.id), null);
      deepStrictEqual((await other.consents.get(null, gone.id))?.withdrawal, withdrawal);
      equal((await other.consents.list({ subject: person.subject, limit: 10 })).length, 3);
      await inUnit(storage, 'ledger', (unit) => storage.consents.insertMissing(unit, []));
    },
  },
  {
    id: 'consents/withdraw-once',
    level: 'MUST',
    title: '20 callers who withdraw a consent at once: one does, and what it wrote stays',
    async run(context) {
      const consent = sampleConsent(context);
      await keep(context, [consent]);
      let next = 0;
      const outcomes = await together(context, callers, (store) => {
        const by = `user:caller-${next}`;
        next += 1;
        return inUnit(store, 'ledger', async (unit) => ({
          by,
          won: await store.consents.withdraw(unit, consent.id, { ...withdrawal, by }),
        }));
      });
      const winners = outcomes.filter(({ won }) => won).map(({ by }) => by);
      equal(winners.length, 1);
      const [by = ''] = winners;
      const expected = { ...consent, withdrawal: { ...withdrawal, by }, version: 2 };
      deepStrictEqual(await context.other.consents.get(null, consent.id), expected);
    },
  },
  {
    id: 'consents/person',
    level: 'MUST',
    title:
      'consents of a person are those of the subject and of whoever has its phone or email, what was decided last first to stay',
    async run(context) {
      const { storage, other } = context;
      const person = samplePerson(context);
      const own = sampleConsent(context, { person });
      const byPhone = sampleConsent(context, { person: samplePerson(context, { phoneHash: person.phoneHash }) });
      const byEmail = sampleConsent(context, { person: samplePerson(context, { emailHash: person.emailHash }) });
      const otherPurpose = sampleConsent(context, { person, purpose: 'kyc', givenAt: instantAfter(1) });
      const ofOthers = sampleConsent(context);
      const newer = sampleConsent(context, { person, givenAt: instantAfter(500) });
      await keep(context, [own, byPhone, byEmail, otherPurpose, ofOthers, newer]);
      const idsOf = async (asked: ConsentPerson, limit: number): Promise<readonly string[]> =>
        (await other.consents.ofPerson(null, asked, purpose, limit)).map(({ id }) => id).sort();
      deepStrictEqual(await idsOf(person, 10), [own.id, byPhone.id, byEmail.id, newer.id].sort());
      deepStrictEqual(await idsOf({ ...person, phoneHash: null, emailHash: null }, 10), [own.id, newer.id].sort());
      deepStrictEqual(await idsOf({ ...person, phoneHash: null, emailHash: null }, 1), [newer.id]);
      // Withdrawn later than the newest was given.
      await inUnit(storage, 'ledger', (unit) => storage.consents.withdraw(unit, own.id, withdrawal));
      deepStrictEqual(await idsOf({ ...person, phoneHash: null, emailHash: null }, 1), [own.id]);
    },
  },
  {
    id: 'consents/list',
    level: 'MUST',
    title: 'the consents of a subject come newest first, page by page, and those of nobody else',
    async run(context) {
      const { other } = context;
      const person = samplePerson(context);
      const { subject } = person;
      const kept = Array.from({ length: 5 }, (_, place) =>
        sampleConsent(context, { person, givenAt: instantAfter(place), purpose: place === 2 ? 'kyc' : purpose }),
      );
      await keep(context, [
        ...kept,
        sampleConsent(context, { person: { ...person, subject: { kind: 'client', id: subject.id } } }),
      ]);
      const newestFirst = kept.toReversed();
      deepStrictEqual(await other.consents.list({ subject, limit: 3 }), newestFirst.slice(0, 3));
      const after = newestFirst[2]?.id ?? '';
      deepStrictEqual(await other.consents.list({ subject, after, limit: 3 }), newestFirst.slice(3));
      deepStrictEqual(await other.consents.list({ subject, purpose: 'kyc', limit: 3 }), kept.slice(2, 3));
    },
  },
  {
    id: 'contact-blocks/once',
    level: 'MUST',
    title: '20 callers who block a channel of a subject at once: one does, and no second block of it is there',
    async run(context) {
      const { other } = context;
      const person = samplePerson(context);
      const outcomes = await together(context, callers, (store) => block(context, store, person, 'call'));
      equal(outcomes.filter(Boolean).length, 1);
      equal(await block(context, other, person, 'all'), true);
      const sameEmail = samplePerson(context, { emailHash: person.emailHash });
      const standing = await other.contactBlocks.ofPerson(null, sameEmail, 50);
      deepStrictEqual(standing.map(({ channel }) => channel).sort(), ['all', 'call']);
    },
  },
  {
    id: 'contact-blocks/insert-missing',
    level: 'MUST',
    title: '20 callers who write the same blocks at once: each is there once, and one that was lifted stays lifted',
    async run(context) {
      const { storage, other } = context;
      const person = samplePerson(context);
      const lifted = sampleBlock(context, person, 'call');
      const standing = sampleBlock(context, person, 'all');
      await inUnit(storage, 'ledger', (unit) => storage.contactBlocks.insertMissing(unit, [lifted, standing]));
      const lift = { at: instantAfter(60), by: 'user:ravi' } as const;
      await inUnit(storage, 'ledger', (unit) => storage.contactBlocks.lift(unit, lifted.id, lift));
      const again = sampleBlock(context, person, 'all');
      const fresh = sampleBlock(context, samplePerson(context, { phoneHash: person.phoneHash }), 'all');
      await together(context, callers, (store) =>
        inUnit(store, 'ledger', (unit) => store.contactBlocks.insertMissing(unit, [lifted, again, fresh])),
      );
      const all = await other.contactBlocks.ofPerson(null, person, 10);
      deepStrictEqual(
        all.map(({ id, liftedAt }) => [id, liftedAt]).sort(),
        [
          [lifted.id, lift.at],
          [standing.id, null],
          [fresh.id, null],
        ].sort(),
      );
    },
  },
  {
    id: 'contact-blocks/lift-once',
    level: 'MUST',
    title: '20 callers who lift a block at once: one does, and the channel can then be blocked again',
    async run(context) {
      const { storage, other } = context;
      const person = samplePerson(context);
      for (const channel of ['call', 'all'] as const) equal(await block(context, storage, person, channel), true);
      const standing = await other.contactBlocks.ofPerson(null, person, 10);
      const id = standing.find(({ channel }) => channel === 'call')?.id ?? '';
      const lifted = { at: instantAfter(60), by: 'user:ravi' };
      const lifts = await together(context, callers, (store) =>
        inUnit(store, 'ledger', (unit) => store.contactBlocks.lift(unit, id, lifted)),
      );
      equal(lifts.filter(Boolean).length, 1);
      equal(await block(context, storage, person, 'call'), true);
      const all = await other.contactBlocks.ofPerson(null, person, 10);
      equal(all.length, 3);
      deepStrictEqual(
        all.filter(({ liftedAt }) => liftedAt !== null).map((one) => [one.id, one.liftedAt, one.liftedBy, one.version]),
        [[id, lifted.at, lifted.by, 2]],
      );
      // Those that stand come first where not all are read.
      const first = await other.contactBlocks.ofPerson(null, { ...person, phoneHash: null, emailHash: null }, 2);
      equal(
        first.every(({ liftedAt }) => liftedAt === null),
        true,
      );
    },
  },
  ...(['consents', 'contactBlocks'] as const).map((port): ConformanceCase => {
    const id = port === 'consents' ? 'consents/rehash' : 'contact-blocks/rehash';
    return {
      id,
      level: 'MUST',
      title: '20 callers who put another hash in the place of one: one does, and the person is found by that one alone',
      async run(context) {
        const { storage, other } = context;
        const person = samplePerson(context);
        const ofPerson = (known: ConsentPerson): Promise<readonly { readonly id: string }[]> =>
          port === 'consents'
            ? other.consents.ofPerson(null, known, purpose, 10)
            : other.contactBlocks.ofPerson(null, known, 10);
        if (port === 'contactBlocks') equal(await block(context, storage, person, 'call'), true);
        else
          await inUnit(storage, 'ledger', (unit) => storage.consents.insert(unit, sampleConsent(context, { person })));
        const [made] = await ofPerson(person);
        const { phoneHash, emailHash } = person;
        if (made === undefined || phoneHash === null) throw new Error('nothing was recorded');
        const hashes = { id: made.id, phoneHash, emailHash };
        const walked: PersonHashes[] = [];
        for (let after: string | null = null; ; ) {
          const page: readonly PersonHashes[] = await other[port].personHashes(after, 2);
          const last = page.at(-1);
          if (last === undefined) break;
          walked.push(...page.filter((each) => each.id === made.id));
          after = last.id;
        }
        deepStrictEqual(walked, [hashes]);
        const changed = await together(context, callers, (store, caller) =>
          inUnit(store, 'ledger', (unit) =>
            store[port].rehash(unit, [
              { id: made.id, by: 'phoneHash', from: phoneHash, to: `2.${phoneHash}.${caller}` },
            ]),
          ),
        );
        deepStrictEqual([...changed].sort(), [...Array<number>(callers - 1).fill(0), 1], 'hashes that each changed');
        const stranger = samplePerson(context, { emailHash: null });
        const now = `2.${phoneHash}.${changed.indexOf(1)}`;
        deepStrictEqual(await ofPerson({ ...stranger, phoneHash }), []);
        equal((await ofPerson({ ...stranger, phoneHash: now })).length, 1);
        equal((await ofPerson({ ...stranger, phoneHash: null, emailHash })).length, 1);
      },
    };
  }),
  {
    id: 'consent-wordings/versions',
    level: 'MUST',
    title: '20 callers who add the same version of a wording at once: one does, and its text comes back as it was',
    async run(context) {
      const { other } = context;
      const purposeOfCase = context.word('purpose');
      let next = 0;
      const add = (store: typeof other, version: number, language = 'hi'): Promise<string | null> => {
        next += 1;
        const text = `मैं सहमत हूँ ${next}\n `;
        const id = context.ids.next<'wording'>();
        const wording = { id, purpose: purposeOfCase, language, version, text, hash: 'cd'.repeat(32) };
        const added = { ...wording, addedAt: instantAfter(0), addedBy: 'user:asha' };
        return inUnit(store, 'ledger', async (unit) =>
          (await store.consentWordings.insert(unit, added)) ? text : null,
        );
      };
      const outcomes = await together(context, callers, (store) => add(store, 1));
      const texts = outcomes.filter((text) => text !== null);
      equal(texts.length, 1);
      equal((await other.consentWordings.get(null, purposeOfCase, 'hi', 1))?.text, texts[0]);
      for (const version of [2, 10, 9]) await add(other, version);
      await add(other, 11, 'en');
      equal((await other.consentWordings.newest(null, purposeOfCase, 'hi'))?.version, 10);
      equal(await other.consentWordings.newest(null, purposeOfCase, 'ta'), null);
      const listed = await other.consentWordings.list({ purpose: purposeOfCase, limit: 3 });
      deepStrictEqual(
        listed.map(({ version }) => version),
        [1, 2, 10],
      );
      const rest = await other.consentWordings.list({ purpose: purposeOfCase, after: listed[2]?.id ?? '', limit: 3 });
      deepStrictEqual(
        rest.map(({ version }) => version),
        [9, 11],
      );
      const english = await other.consentWordings.list({ purpose: purposeOfCase, language: 'en', limit: 3 });
      deepStrictEqual(
        english.map(({ version }) => version),
        [11],
      );
    },
  },
];
