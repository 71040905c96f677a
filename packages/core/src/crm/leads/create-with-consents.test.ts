import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withTwoHomes } from '../../../test-support/crash-matrix/two-homes.js';
import { allShapes, makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type { NewConsent, NewLead, Storage } from '../../index.js';
import { withFaults } from '../../testing/index.js';

const now = '2026-01-15T04:30:00.000Z';
const calls = { purpose: 'contact-by-call', wording: { language: 'en' }, source: 'web' } as const;
const evidence = { otpReference: 'OTP-99817' };

async function addWordings({ admin }: TestStore): Promise<void> {
  for (const purpose of ['contact-by-call', 'marketing', 'share-with-partner']) {
    await admin.consents.wordings.add({ purpose, language: 'en', text: `Yes to ${purpose}.` });
  }
}

describe.each(allShapes)('on %s', (shape) => {
  let place: StorePlace;
  let store: TestStore;

  beforeAll(async () => {
    place = await makePlace(shape);
    store = await newStore(place.handle(), now);
    await addWordings(store);
  });

  afterAll(async () => {
    await store.lms.close();
    await place.remove();
  });

  async function told(id: string): Promise<readonly unknown[]> {
    await store.lms.settle();
    const { rows } = await store.admin.audit.list({ limit: 200 });
    return rows
      .filter(({ changes }) => JSON.stringify(changes).includes(id))
      .map(({ eventType, command }) => [eventType, command])
      .sort();
  }

  test('a lead comes with what the person said: recorded as if it was given after, told once, sealed', async () => {
    const { leads, consents } = store.admin;
    const mobile = '9811100001';
    const lead = {
      ...loanLead({ mobile }),
      consents: [
        { ...calls, evidence, givenAt: '2026-01-14T10:00:00.000Z' },
        { ...calls, purpose: 'marketing', dataItems: ['name'], expiresAt: '2027-01-15T04:30:00.000Z' },
      ],
      contactBlocks: [{ channel: 'sms', source: 'web', reason: 'asked not to' }],
    } as const;
    expect(await leads.checkCreate(lead)).toMatchObject({ kind: 'creatable' });
    const made = await leads.create(lead, { idempotencyKey: 'form-1' });
    const { consents: recorded } = await consents.list(made.id);
    expect(recorded).toMatchObject([
      {
        purpose: 'marketing',
        givenAt: now,
        dataItems: ['name'],
        expiresAt: '2027-01-15T04:30:00.000Z',
        evidence: null,
      },
      { purpose: 'contact-by-call', givenAt: '2026-01-14T10:00:00.000Z', expiresAt: null, evidence, version: 1 },
    ]);
    expect(recorded[0]).toMatchObject({
      subject: { kind: 'lead', id: made.id },
      recordedAt: now,
      recordedBy: 'user:root',
      wording: { language: 'en', version: 1 },
    });
    expect(await consents.blocks(made.id)).toMatchObject([{ channel: 'sms', reason: 'asked not to' }]);
    expect((await consents.check(made.id, { purpose: 'contact-by-call' })).allowed).toBe(true);
    expect(await consents.check(made.id, { purpose: 'contact-by-sms' })).toMatchObject({ code: 'CONTACT_BLOCKED' });
    // The same key gives the lead that is there, and records nothing more.
    expect((await leads.create(lead, { idempotencyKey: 'form-1' })).id).toBe(made.id);
    await expect(leads.create({ ...lead, consents: [] }, { idempotencyKey: 'form-1' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect((await consents.list(made.id)).consents).toHaveLength(2);
    expect(await told(made.id)).toEqual([
      ['consent.blocked', 'leads.create'],
      ['consent.given', 'leads.create'],
      ['consent.given', 'leads.create'],
    ]);
    const atRest = await place.raw();
    expect(['OTP-99817', 'asked not to', mobile].filter((text) => atRest.includes(text))).toEqual([]);
  });

  test('a lead that is there already, or is refused, leaves nothing of the consent; others of the batch go on', async () => {
    const { leads, consents } = store.admin;
    const there = await leads.create(loanLead({ mobile: '9811100002' }));
    const said = { consents: [calls], contactBlocks: [{ channel: 'all', source: 'web' }] } as const;
    await expect(leads.create({ ...loanLead({ mobile: '9811100002' }), ...said })).rejects.toMatchObject({
      code: 'LEAD_DUPLICATE',
    });
    const outcomes = await leads.createMany([
      { lead: { ...loanLead({ mobile: '9811100002' }), ...said } },
      { lead: { ...loanLead({ mobile: 'none' }), ...said } },
      { lead: { ...loanLead(), consents: [{ ...calls, wording: { language: 'hi' } }] } },
      { lead: { ...loanLead(), ...said } },
      { lead: loanLead() },
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['duplicate', 'rejected', 'refused', 'created', 'created']);
    const [, , refused, made, plain] = outcomes;
    expect(refused).toMatchObject({ error: { code: 'CONSENT_WORDING_NOT_FOUND', path: 'consents.0.wording' } });
    const idOf = (outcome: typeof made): string => (outcome?.kind === 'created' ? outcome.leadId : '');
    expect((await consents.list(idOf(made))).consents).toMatchObject([{ purpose: 'contact-by-call' }]);
    expect(await consents.blocks(idOf(made))).toMatchObject([{ channel: 'all' }]);
    for (const id of [there.id, idOf(plain)]) {
      expect((await consents.list(id)).consents).toEqual([]);
      expect(await consents.blocks(id)).toEqual([]);
    }
  });

  test('where the ledger is away as the lead is made, what was said follows once it is back, once', async () => {
    const { storage, faults } = withFaults(withTwoHomes(place.handle()));
    const apart = await openStore(storage, now);
    const { leads, consents } = apart.admin;
    faults.failNext({ home: 'ledger', at: 'before-commit' });
    const contactBlocks = [{ channel: 'call', source: 'web', reason: 'asked not to' }] as const;
    const made = await leads.create({
      ...loanLead({ mobile: '9811100003' }),
      consents: [{ ...calls, evidence }],
      contactBlocks,
    });
    expect((await consents.list(made.id)).consents).toEqual([]);
    faults.repeatDeliveries(true);
    await apart.lms.tick();
    faults.repeatDeliveries(false);
    await apart.lms.tick();
    expect((await consents.list(made.id)).consents).toMatchObject([{ evidence, recordedAt: now, version: 1 }]);
    expect(await consents.blocks(made.id)).toMatchObject([{ channel: 'call', reason: 'asked not to' }]);
    // Known by its phone as if it had been recorded at once.
    await leads.move(made.id, { to: 'lost' });
    const later = await leads.create(loanLead({ mobile: '9811100003' }));
    expect(await consents.check(later.id, { purpose: 'contact-by-call' })).toMatchObject({ code: 'CONTACT_BLOCKED' });
    expect(await told(made.id)).toHaveLength(2);
    await apart.lms.close();
  });

  test('what is withdrawn before it is in the ledger is withdrawn', async () => {
    const { storage, faults } = withFaults(withTwoHomes(place.handle()));
    const apart = await openStore(storage, now);
    const { leads, consents } = apart.admin;
    faults.failNext({ home: 'ledger', at: 'before-commit' });
    const { id } = await leads.create({ ...loanLead(), consents: [calls] });
    await consents.withdraw(id, { purpose: 'contact-by-call', source: 'call' });
    await apart.lms.tick();
    expect(await consents.check(id, { purpose: 'contact-by-call' })).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
    await apart.lms.close();
  });
});

/** A storage that, for as long as that is wished, cannot record what came with leads. */
function unrecorded(storage: Storage, wish: { readonly fails: boolean }): Storage {
  const refusing = <Row>(write: (unit: Unit, rows: readonly Row[]) => Promise<void>): typeof write => {
    return async (unit, rows) => {
      if (wish.fails) throw new Error('not now');
      await write(unit, rows);
    };
  };
  const { consents, contactBlocks } = storage;
  const replaced: Partial<Storage> = {
    consents: { ...consents, insertMissing: refusing(consents.insertMissing) },
    contactBlocks: { ...contactBlocks, insertMissing: refusing(contactBlocks.insertMissing) },
  };
  return new Proxy(storage, {
    get: (target, name) => Reflect.get(Object.hasOwn(replaced, name) ? replaced : target, name),
  });
}

describe.each(allShapes)('what the ledger has not heard of yet, on %s', (shape) => {
  let place: StorePlace;
  let apart: TestStore;
  let faults: ReturnType<typeof withFaults>['faults'];
  const recording = { fails: false };

  beforeAll(async () => {
    place = await makePlace(shape);
    const made = withFaults(withTwoHomes(place.handle()));
    faults = made.faults;
    apart = await newStore(unrecorded(made.storage, recording), now);
    await addWordings(apart);
  });

  afterAll(async () => {
    await apart.lms.close();
    await place.remove();
  });

  async function untold(mobile: string, said: Pick<NewLead, 'consents' | 'contactBlocks'>): Promise<string> {
    faults.failNext({ home: 'ledger', at: 'before-commit' });
    return (await apart.admin.leads.create({ ...loanLead({ mobile }), ...said })).id;
  }
  const blocked = { contactBlocks: [{ channel: 'call', source: 'web' }] } as const;

  test('is a block that can be lifted, and does not come back', async () => {
    const { consents } = apart.admin;
    const id = await untold('9811100021', blocked);
    expect(await consents.unblock(id, 'call')).toMatchObject([{ channel: 'call', subject: { id } }]);
    await apart.lms.tick();
    expect(await consents.blocks(id)).toEqual([]);
  });

  test('is a block that holds for the person also when the lead is erased at once', async () => {
    const { leads, consents } = apart.admin;
    const id = await untold('9811100022', blocked);
    await leads.erase(id, { reason: 'person-asked' });
    await apart.lms.tick();
    const next = await leads.create({ ...loanLead({ mobile: '9811100022' }), consents: [calls] });
    expect(await consents.check(next.id, { purpose: 'contact-by-call' })).toMatchObject({ code: 'CONTACT_BLOCKED' });
  });

  test('is no reason to say that nothing was there to be withdrawn or lifted', async () => {
    const { consents } = apart.admin;
    const id = await untold('9811100023', { consents: [calls], ...blocked });
    const withdrawal = { purpose: 'contact-by-call', source: 'call' } as const;
    recording.fails = true;
    await expect(consents.withdraw(id, withdrawal)).rejects.toMatchObject({ code: 'READ_MODELS_BEHIND' });
    await expect(consents.unblock(id, 'call')).rejects.toMatchObject({ code: 'READ_MODELS_BEHIND' });
    recording.fails = false;
    expect(await consents.withdraw(id, withdrawal)).toHaveLength(1);
    expect(await consents.unblock(id, 'call')).toHaveLength(1);
  });
});

describe('what is said with a lead', () => {
  let place: StorePlace;
  let store: TestStore;

  beforeAll(async () => {
    place = await makePlace('sqlite');
    store = await newStore(place.handle(), now, { consents: { purposes: [{ slug: 'survey', name: 'Surveys' }] } });
    await addWordings(store);
  });

  afterAll(async () => {
    await store.lms.close();
    await place.remove();
  });

  const wrong: readonly (readonly [string, unknown, string, string])[] = [
    ['an unknown purpose', { purpose: 'selling' }, 'CONSENT_PURPOSE_UNKNOWN', 'consents.1.purpose'],
    ['a purpose without text', { purpose: 'survey' }, 'CONSENT_WORDING_NOT_FOUND', 'consents.1.wording'],
    [
      'a version that is none',
      { wording: { language: 'en', version: 2 } },
      'CONSENT_WORDING_NOT_FOUND',
      'consents.1.wording',
    ],
    ['a partner where none is', { partner: 'acme' }, 'INPUT_INVALID', 'consents.1.partner'],
    ['the future', { givenAt: '2026-01-15T04:30:00.001Z' }, 'INPUT_INVALID', 'consents.1.givenAt'],
    ['an end before the beginning', { expiresAt: '2026-01-14T04:30:00.000Z' }, 'INPUT_INVALID', 'consents.1.expiresAt'],
    ['a day for an instant', { givenAt: '2026-01-14' }, 'INPUT_INVALID', 'consents.1.givenAt'],
    ['a source that is none', { source: 'rumour' }, 'INPUT_INVALID', 'consents.1.source'],
    ['the same again', { purpose: 'contact-by-call' }, 'INPUT_INVALID', 'consents.1'],
  ];

  test.each(wrong)('is refused with %s, and with it the lead', async (_what, change, code, path) => {
    const second = { ...calls, purpose: 'marketing', ...(change as Partial<NewConsent>) };
    const lead: NewLead = { ...loanLead({ mobile: '9811100009' }), consents: [calls, second] };
    const { leads } = store.admin;
    await expect(leads.create(lead, { idempotencyKey: 'form-9' })).rejects.toMatchObject({ code, path });
    expect((await leads.find('9811100009')).leads).toEqual([]);
    const dry = await leads.checkCreate(lead).catch((error: unknown) => ({ kind: 'refused', error }));
    expect(dry).toMatchObject({ kind: 'refused', error: { code, path } });
  });

  test('needs the right to record consents, as agents have for leads of their own', async () => {
    const agent = await store.user('ravi', ['agent']);
    const { id } = await agent.leads.create({ ...loanLead(), consents: [calls] });
    expect((await agent.consents.list(id)).consents).toMatchObject([{ recordedBy: 'user:ravi' }]);
  });

  test('counts for other leads of the person, and stays as a proof without evidence when the lead is erased', async () => {
    const { leads, consents } = store.admin;
    const { id } = await leads.create({ ...loanLead({ mobile: '9811100010' }), consents: [{ ...calls, evidence }] });
    await leads.erase(id, { reason: 'person-asked' });
    expect((await consents.list(id)).consents).toMatchObject([{ details: 'erased', evidence: null }]);
    const next = await leads.create(loanLead({ mobile: '9811100010' }));
    expect((await consents.check(next.id, { purpose: 'contact-by-call' })).allowed).toBe(true);
  });
});
