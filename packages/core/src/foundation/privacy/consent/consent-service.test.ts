import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loanLead, newStore, openStore, type TestStore } from '../../../../test-support/store.js';
import { createLms } from '../../../index.js';
import { sqlite } from '../../../storage/sqlite.js';
import { testKey } from '../../../testing/index.js';
import { commandKey } from '../../persistence/index.js';

const now = '2026-01-15T04:30:00.000Z';
const bureau = { purpose: 'credit-bureau', wording: { language: 'en' }, source: 'web' } as const;
const calls = { purpose: 'contact-by-call', wording: { language: 'en' }, source: 'web' } as const;

let folder: string;
let store: TestStore;
let lead: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-consents-'));
  store = await newStore(sqlite({ file: join(folder, 'lms.db') }), now);
  const { wordings } = store.admin.consents;
  for (const purpose of ['credit-bureau', 'contact-by-call', 'share-with-partner']) {
    await wordings.add({ purpose, language: 'en', text: `You may use my data for ${purpose}.` });
  }
  lead = (await store.admin.leads.create(loanLead({ mobile: '9820011111', email: 'asha@example.in' }))).id;
});

afterEach(async () => {
  await store.lms.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a consent', () => {
  it('is kept as it was said, with the text agreed to, and its evidence sealed', async () => {
    const { consents } = store.admin;
    const given = await consents.give(lead, {
      ...bureau,
      dataItems: ['score', 'accounts'],
      givenAt: '2026-01-14T10:00:00.000Z',
      expiresAt: '2026-07-14T10:00:00.000Z',
      evidence: { otpReference: 'OTP-7781', ipAddress: '203.0.113.7' },
    });
    const [wording] = (await consents.wordings.list({ purpose: 'credit-bureau' })).wordings;
    expect(given).toMatchObject({
      subject: { kind: 'lead', id: lead },
      purpose: 'credit-bureau',
      partner: null,
      dataItems: ['accounts', 'score'],
      wording: { language: 'en', version: 1, hash: wording?.hash },
      givenAt: '2026-01-14T10:00:00.000Z',
      expiresAt: '2026-07-14T10:00:00.000Z',
      recordedAt: now,
      recordedBy: 'user:root',
      evidence: { otpReference: 'OTP-7781', ipAddress: '203.0.113.7' },
      withdrawal: null,
      version: 1,
    });
    expect((await consents.list(lead)).consents).toEqual([given]);
    const auditor = await store.user('vera', ['auditor']);
    expect((await auditor.consents.list(lead)).consents).toMatchObject([{ details: 'masked', evidence: null }]);
    await store.lms.settle();
    const { rows } = await store.admin.audit.list({ eventType: 'consent.given' });
    expect(rows).toMatchObject([
      { command: 'consents.give', changes: { purpose: 'credit-bureau', subject: { kind: 'lead', id: lead } } },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/OTP-7781|203\.0\.113\.7|9820011111|asha@example/);
  });

  it('is recorded once for one moment, and once for one key', async () => {
    const { consents } = store.admin;
    const given = { ...bureau, givenAt: '2026-01-10T00:00:00.000Z' };
    const first = await consents.give(lead, given, { idempotencyKey: 'form-1' });
    expect((await consents.give(lead, given, { idempotencyKey: 'form-1' })).id).toBe(first.id);
    expect((await consents.give(lead, given)).id).toBe(first.id);
    await expect(consents.give(lead, { ...given, source: 'paper' })).rejects.toMatchObject({
      code: 'CONSENT_CONFLICT',
    });
    await expect(consents.give(lead, bureau, { idempotencyKey: 'form-1' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect((await consents.list(lead)).consents).toHaveLength(1);
  });

  it('needs a purpose and a text that there are, a past, and an end after its beginning', async () => {
    const { consents } = store.admin;
    const refusals: readonly [object, string][] = [
      [{ purpose: 'selling' }, 'CONSENT_PURPOSE_UNKNOWN'],
      [{ wording: { language: 'hi' } }, 'CONSENT_WORDING_NOT_FOUND'],
      [{ wording: { language: 'en', version: 2 } }, 'CONSENT_WORDING_NOT_FOUND'],
      [{ givenAt: '2026-01-15T04:30:00.001Z' }, 'INPUT_INVALID'],
      [{ expiresAt: '2026-01-01T00:00:00.000Z' }, 'INPUT_INVALID'],
      [{ partner: 'acme-nbfc' }, 'INPUT_INVALID'],
      [{ source: 'telepathy' }, 'INPUT_INVALID'],
      [{ evidence: { password: '1234' } }, 'INPUT_INVALID'],
    ];
    for (const [change, code] of refusals) {
      await expect(consents.give(lead, { ...bureau, ...change })).rejects.toMatchObject({ code });
    }
    expect((await consents.list(lead)).consents).toEqual([]);
  });

  it('is asked for with every reason in its code, and withdrawn as easily as given', async () => {
    const { consents } = store.admin;
    const question = { purpose: 'credit-bureau' };
    await expect(consents.require(lead, question)).rejects.toMatchObject({
      code: 'CONSENT_MISSING',
      category: 'forbidden',
      details: { purpose: 'credit-bureau' },
    });
    await expect(consents.withdraw(lead, { ...question, source: 'call' })).rejects.toMatchObject({
      code: 'CONSENT_MISSING',
    });
    const { id } = await consents.give(lead, { ...bureau, expiresAt: '2026-01-20T00:00:00.000Z' });
    expect(await consents.require(lead, question)).toMatchObject({ allowed: true, consentId: id });
    store.clock.advance('10d');
    await expect(consents.require(lead, question)).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    expect(await consents.check(lead, { ...question, at: '2026-01-19T00:00:00.000Z' })).toMatchObject({
      allowed: true,
    });
    await consents.give(lead, bureau);
    store.clock.advance('1h');
    const withdrawn = await consents.withdraw(lead, { ...question, source: 'call', reason: 'asha@example.in asked' });
    expect(withdrawn).toMatchObject([
      { version: 2, withdrawal: { source: 'call', reason: 'asha@example.in asked', by: 'user:root' } },
      { version: 2 },
    ]);
    expect(await consents.check(lead, question)).toMatchObject({ allowed: false, code: 'CONSENT_WITHDRAWN' });
    expect(await consents.withdraw(lead, { ...question, source: 'call' })).toEqual([]);
    store.clock.advance('1h');
    await consents.give(lead, bureau);
    expect(await consents.check(lead, question)).toMatchObject({ allowed: true });
  });

  it('belongs to the person, who comes again with another lead', async () => {
    const { consents, leads } = store.admin;
    await consents.give(lead, bureau);
    await leads.delete(lead);
    const again = (await leads.create(loanLead({ mobile: '9820011111', email: 'asha@example.in' }))).id;
    const somebodyElse = (await leads.create(loanLead())).id;
    expect(await consents.check(again, { purpose: 'credit-bureau' })).toMatchObject({ allowed: true });
    expect(await consents.check(somebodyElse, { purpose: 'credit-bureau' })).toMatchObject({ code: 'CONSENT_MISSING' });
    store.clock.advance('1m');
    expect(await consents.withdraw(again, { purpose: 'credit-bureau', source: 'call' })).toHaveLength(1);
    expect(await consents.check(lead, { purpose: 'credit-bureau' })).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
  });

  it('for one partner is withdrawn for that partner', async () => {
    const { consents } = store.admin;
    const sharing = { purpose: 'share-with-partner', wording: { language: 'en' }, source: 'app' } as const;
    await consents.give(lead, { ...sharing, partner: 'acme' });
    await consents.give(lead, { ...sharing, partner: 'bharat' });
    store.clock.advance('1m');
    await consents.withdraw(lead, { purpose: sharing.purpose, partner: 'acme', source: 'app' });
    const check = async (partner: string): Promise<boolean> =>
      (await consents.check(lead, { purpose: sharing.purpose, partner })).allowed;
    expect([await check('acme'), await check('bharat'), await check('third')]).toEqual([false, true, false]);
  });

  it('for all partners is withdrawn for one of them, once, and goes on for the others', async () => {
    const { consents } = store.admin;
    const sharing = { purpose: 'share-with-partner', wording: { language: 'en' }, source: 'app' } as const;
    const asked = { purpose: sharing.purpose, partner: 'acme', source: 'app' } as const;
    const general = await consents.give(lead, sharing);
    store.clock.advance('1m');
    const [taken, ...others] = await consents.withdraw(lead, { ...asked, reason: 'not with them' });
    expect(taken).toMatchObject({ partner: 'acme', givenAt: general.givenAt, wording: general.wording, version: 1 });
    expect(taken?.withdrawal).toMatchObject({ at: '2026-01-15T04:31:00.000Z', reason: 'not with them' });
    expect(others).toEqual([]);
    expect(await consents.withdraw(lead, asked)).toEqual([]);
    const check = async (partner: string): Promise<string> => {
      const decision = await consents.check(lead, { purpose: sharing.purpose, partner });
      return decision.allowed ? decision.consentId : decision.code;
    };
    expect([await check('acme'), await check('bharat')]).toEqual(['CONSENT_WITHDRAWN', general.id]);
    await store.lms.settle();
    const { rows } = await store.admin.audit.list({ eventType: 'consent.withdrawn' });
    expect(rows.map(({ changes }) => changes)).toMatchObject([{ partner: 'acme' }]);
    store.clock.advance('1m');
    const anew = await consents.give(lead, { ...sharing, partner: 'acme' });
    expect(await check('acme')).toBe(anew.id);
  });

  it('stays withdrawn although it was given by a clock that was ahead', async () => {
    const { consents } = store.admin;
    const question = { purpose: 'credit-bureau' };
    const ahead = await openStore(sqlite({ file: join(folder, 'lms.db') }), '2026-01-16T04:30:00.000Z');
    await ahead.admin.consents.give(lead, bureau);
    await ahead.lms.close();
    const withdrawn = await consents.withdraw(lead, { ...question, source: 'call' });
    expect(withdrawn.map(({ givenAt, withdrawal }) => [givenAt, withdrawal?.at])).toEqual([
      ['2026-01-16T04:30:00.000Z', '2026-01-16T04:30:00.000Z'],
    ]);
    expect(await consents.check(lead, question)).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
    store.clock.advance('3d');
    expect(await consents.check(lead, question)).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
    await consents.give(lead, bureau);
    expect(await consents.check(lead, question)).toMatchObject({ allowed: true });
  });

  it('is withdrawn by who has the same phone and another email, where nothing of their own stands', async () => {
    const { consents, leads } = store.admin;
    const question = { purpose: 'credit-bureau' };
    const given = await consents.give(lead, bureau);
    const shared = (await leads.create(loanLead({ mobile: '9820022222', email: 'other@example.in' }))).id;
    await expect(consents.withdraw(shared, { ...question, source: 'call' })).rejects.toMatchObject({
      code: 'CONSENT_MISSING',
    });
    await leads.delete(lead);
    const other = (await leads.create(loanLead({ mobile: '9820011111', email: 'third@example.in' }))).id;
    store.clock.advance('1m');
    const withdrawn = await consents.withdraw(other, { ...question, source: 'call' });
    expect(withdrawn.map(({ id }) => id)).toEqual([given.id]);
    expect(await consents.check(lead, question)).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
  });

  it('of a lead that who asks may not see tells not whose it was, nor who recorded it', async () => {
    const { consents, leads } = store.admin;
    await consents.give(lead, bureau);
    await consents.block(lead, { channel: 'call', source: 'call' });
    await leads.delete(lead);
    const agent = await store.user('ravi', ['agent']);
    const own = (await agent.leads.create(loanLead({ mobile: '9820011111', email: 'asha@example.in' }))).id;
    const hidden = { subject: null, blockedBy: null, details: 'none' };
    expect(await agent.consents.blocks(own)).toMatchObject([hidden]);
    expect(await consents.blocks(own)).toMatchObject([{ subject: { kind: 'lead', id: lead }, blockedBy: 'user:root' }]);
    store.clock.advance('1m');
    const withdrawn = await agent.consents.withdraw(own, { purpose: 'credit-bureau', source: 'call' });
    expect(withdrawn).toMatchObject([{ subject: null, recordedBy: null, withdrawal: { by: 'user:ravi' } }]);
  });
});

describe('do not contact', () => {
  it('beats consents of that channel until it is lifted, also for a lead that comes later', async () => {
    const { consents, leads } = store.admin;
    const question = { purpose: 'contact-by-call' };
    await consents.give(lead, calls);
    const block = await consents.block(lead, { channel: 'all', source: 'call', reason: 'please stop' });
    expect((await consents.block(lead, { channel: 'all', source: 'call' })).id).toBe(block.id);
    await expect(consents.require(lead, question)).rejects.toMatchObject({ code: 'CONTACT_BLOCKED' });
    await leads.delete(lead);
    const again = (await leads.create(loanLead({ mobile: '9820011111' }))).id;
    expect(await consents.check(again, question)).toMatchObject({ code: 'CONTACT_BLOCKED' });
    expect(await consents.blocks(again)).toMatchObject([{ channel: 'all', details: 'masked', reason: null }]);
    expect(await consents.unblock(again, 'all')).toEqual([]);
    expect(await consents.unblock(lead, 'all')).toMatchObject([{ id: block.id, reason: 'please stop', version: 2 }]);
    expect(await consents.unblock(lead, 'all')).toEqual([]);
    expect(await consents.check(lead, question)).toMatchObject({ allowed: true });
    await store.lms.settle();
    const { rows } = await store.admin.audit.list({ limit: 200 });
    const types = rows.map(({ eventType }) => eventType).filter((type) => /blocked/.test(type));
    expect(types.toSorted()).toEqual(['consent.blocked', 'consent.unblocked']);
  });
});

describe('wordings', () => {
  it('never change: another text is another version', async () => {
    const { wordings } = store.admin.consents;
    const first = await wordings.get('credit-bureau', 'en', 1);
    expect(await wordings.add({ purpose: 'credit-bureau', language: 'en', text: first.text })).toEqual(first);
    const second = await wordings.add({ purpose: 'credit-bureau', language: 'en', text: 'Another text.' });
    expect(second.version).toBe(2);
    await expect(
      wordings.add({ purpose: 'credit-bureau', language: 'en', version: 1, text: 'A third text.' }),
    ).rejects.toMatchObject({ code: 'CONSENT_WORDING_EXISTS' });
    expect((await store.admin.consents.give(lead, bureau)).wording.version).toBe(2);
    const old = { ...bureau, wording: { language: 'en', version: 1 }, givenAt: '2026-01-01T00:00:00.000Z' };
    expect((await store.admin.consents.give(lead, old)).wording).toEqual({
      language: 'en',
      version: 1,
      hash: first.hash,
    });
  });
});

describe('who may', () => {
  it('record consents: those who work the lead; add texts: admins; read: those who see the lead', async () => {
    const agent = await store.user('asha', ['agent']);
    const own = (await agent.leads.create(loanLead())).id;
    await agent.consents.give(own, bureau);
    await expect(agent.consents.give(lead, bureau)).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND' });
    await expect(agent.consents.check(lead, { purpose: 'kyc' })).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND' });
    const text = { purpose: 'kyc', language: 'en', text: 'You may check my identity.' };
    await expect(agent.consents.wordings.add(text)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const auditor = await store.user('vera', ['auditor']);
    await expect(auditor.consents.give(own, bureau)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await auditor.consents.check(own, { purpose: 'credit-bureau' })).toMatchObject({ allowed: true });
  });
});

it('knows purposes of its own where they are configured, and how long consents for them hold', async () => {
  const purposes = [{ slug: 'account-aggregator', name: 'Bank statements', holdsForDays: 30 }];
  const storage = sqlite({ file: join(folder, 'lms.db') });
  await using lms = await createLms({ storage, key: testKey, clock: store.clock, consents: { purposes } });
  const { consents } = lms.as({ kind: 'user', id: 'root' });
  await consents.wordings.add({ purpose: 'account-aggregator', language: 'en', text: 'You may read my statements.' });
  const given = await consents.give(lead, { ...bureau, purpose: 'account-aggregator' });
  expect(given.expiresAt).toBe('2026-02-14T04:30:00.000Z');
  await expect(
    createLms({ storage, key: testKey, consents: { purposes: [{ slug: 'A B', name: '' }] } }),
  ).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

it('leaves the proof without what was personal when the lead is erased', async () => {
  const { consents, leads } = store.admin;
  const given = { ...bureau, evidence: { note: 'said so on the phone' } };
  const first = await consents.give(lead, given, { idempotencyKey: 'form-9' });
  await leads.erase(lead, { reason: 'person-asked' });
  expect((await consents.give(lead, given, { idempotencyKey: 'form-9' })).id).toBe(first.id);
  expect((await consents.list(lead)).consents).toMatchObject([
    { purpose: 'credit-bureau', details: 'erased', evidence: null },
  ]);
  await expect(consents.give(lead, { ...bureau, givenAt: '2026-01-02T00:00:00.000Z' })).rejects.toMatchObject({
    code: 'KEY_DESTROYED',
  });
});

it('still blocks and withdraws for a person whose lead was erased, where something was recorded before', async () => {
  const { consents, leads } = store.admin;
  await consents.give(lead, calls);
  const unknown = (await leads.create(loanLead())).id;
  for (const id of [lead, unknown]) await leads.erase(id, { reason: 'person-asked' });
  const block = await consents.block(lead, { channel: 'sms', source: 'call', reason: 'said so again' });
  expect(block).toMatchObject({ subject: { id: lead }, reason: null });
  await expect(consents.block(unknown, { channel: 'sms', source: 'call' })).rejects.toMatchObject({
    code: 'KEY_DESTROYED',
  });
  const again = (await leads.create(loanLead({ mobile: '9820011111', email: 'asha@example.in' }))).id;
  expect(await consents.check(again, { purpose: 'contact-by-sms' })).toMatchObject({ code: 'CONTACT_BLOCKED' });
  expect(await consents.check(again, { purpose: 'contact-by-call' })).toMatchObject({ allowed: true });
  store.clock.advance('1m');
  expect(await consents.withdraw(lead, { purpose: 'contact-by-call', source: 'call' })).toHaveLength(1);
  expect(await consents.check(again, { purpose: 'contact-by-call' })).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
});

it('keeps no plain hash of what stood in a request', async () => {
  const given = { ...bureau, givenAt: '2026-01-10T00:00:00.000Z', evidence: { ipAddress: '203.0.113.7' } };
  await store.admin.consents.give(lead, given, { idempotencyKey: 'form-3' });
  const storage = sqlite({ file: join(folder, 'lms.db') });
  await storage.open();
  const [record] = await storage.commands.find(null, 'ledger', 'user:root consents.give', ['form-3']);
  await storage.close();
  const plain = commandKey('user:root', 'consents.give', 'form-3', { subject: { kind: 'lead', id: lead }, given });
  expect(record?.bodyHash).toEqual(expect.any(String));
  expect(record?.bodyHash).not.toBe(plain.bodyHash);
});
