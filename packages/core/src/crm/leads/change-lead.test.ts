import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { callUntyped } from '../../../test-support/call-untyped.js';
import { allEngines, describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore } from '../../../test-support/store.js';
import { canonicalJson, hasCode, LmsError } from '../../index.js';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));

describeShapes((makeStorage, { shape }) => {
  it('changes what the patch names and keeps the rest', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead({ city: 'Pune', remarks: 'asked twice' }));
    const updated = await admin.leads.update(lead.number, {
      fields: { loanAmount: '3L', city: null },
      properties: { priority: 'high' },
    });
    expect(updated).toMatchObject({ version: 2, amountPaise: 30_000_000, properties: { priority: 'high' } });
    expect(updated.values['city']).toBeUndefined();
    expect(updated.values['remarks']).toBe('asked twice');
    expect(updated.activities.at(-1)).toMatchObject({
      type: 'UPDATED',
      data: { fields: ['loanAmount', 'city', 'properties'] },
    });
  });

  it('raises no version when nothing changes', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead({ city: 'Pune' }));
    expect((await admin.leads.update(lead.id, { fields: { city: ' Pune ' } })).version).toBe(1);
  });

  it('refuses a stale version and tells the current one', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    await admin.leads.update(lead.id, { fields: { city: 'Nagpur' } }, { expectedVersion: 1 });
    const stale = admin.leads.update(lead.id, { fields: { city: 'Nashik' } }, { expectedVersion: 1 });
    await expect(stale).rejects.toThrow(withCode('LEAD_VERSION_STALE'));
    await expect(stale).rejects.toMatchObject({ details: { currentVersion: 2 } });
    expect((await admin.leads.get(lead.id)).values['city']).toBe('Nagpur');
  });

  it('gives back a unique value that changed, and refuses one that another lead holds', async () => {
    const { admin } = await newStore(await makeStorage());
    const first = await admin.leads.create(loanLead({ mobile: '9876543210' }));
    const second = await admin.leads.create(loanLead({ mobile: '9876543211' }));
    await expect(admin.leads.update(second.id, { fields: { mobile: '9876543210' } })).rejects.toThrow(
      withCode('LEAD_DUPLICATE'),
    );
    await admin.leads.update(first.id, { fields: { mobile: '9876543219' } });
    await admin.leads.update(second.id, { fields: { mobile: '9876543210' } });
    await admin.leads.create(loanLead({ mobile: '9876543211' }));
  });

  it('takes unique values back on delete, and reclaims them on restore or says who has them', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead({ mobile: '9876543210' }));
    await admin.leads.delete(lead.id);
    await admin.leads.delete(lead.id);
    expect((await admin.leads.list().page()).items).toEqual([]);
    expect((await admin.leads.list({ deleted: true }).page()).items.map(({ number }) => number)).toEqual([lead.number]);
    await expect(admin.leads.update(lead.id, { fields: { city: 'Pune' } })).rejects.toThrow(withCode('LEAD_DELETED'));
    const holder = await admin.leads.create(loanLead({ mobile: '9876543210' }));
    await expect(admin.leads.restore(lead.id)).rejects.toThrow(holder.number);
    await admin.leads.delete(holder.id);
    expect((await admin.leads.restore(lead.id)).deletedAt).toBeNull();
    await expect(admin.leads.restore(lead.id)).rejects.toThrow(withCode('LEAD_NOT_DELETED'));
  });

  it('updates many with an outcome each', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    const outcomes = await admin.leads.updateMany([
      { lead: lead.number, patch: { fields: { city: 'Mumbai' } } },
      { lead: 'LEAD-202601-99999', patch: { fields: { city: 'Mumbai' } } },
      { lead: lead.id, patch: { fields: { loanAmount: 'much' } }, expectedVersion: 1 },
    ]);
    expect(outcomes.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual([
      'ok',
      'LEAD_NOT_FOUND',
      expect.stringMatching(/LEAD_INVALID|LEAD_VERSION_STALE/),
    ]);
  });

  it('takes only users of the directory as collaborators, who then see the lead', async () => {
    const { admin, user } = await newStore(await makeStorage());
    const asha = await user('asha', ['agent']);
    const lead = await admin.leads.create(loanLead());
    const collaboratorIds = ['nobody'];
    await expect(admin.leads.update(lead.id, { collaboratorIds })).rejects.toThrow(withCode('USER_NOT_FOUND'));
    await expect(admin.leads.create({ ...loanLead(), collaboratorIds })).rejects.toThrow(withCode('USER_NOT_FOUND'));
    await expect(asha.leads.get(lead.id)).rejects.toThrow(withCode('LEAD_NOT_FOUND'));
    await admin.leads.update(lead.id, { collaboratorIds: ['asha'] });
    await user('farah', ['agent']);
    await admin.users.deactivate('farah');
    const left = { collaboratorIds: ['asha', 'farah'] };
    await expect(admin.leads.update(lead.id, left)).rejects.toThrow(withCode('USER_INACTIVE'));
    await expect(admin.leads.create({ ...loanLead(), ...left })).rejects.toThrow(withCode('USER_INACTIVE'));
    expect((await asha.leads.get(lead.id)).collaboratorIds).toEqual(['asha']);
    expect((await asha.leads.list().page()).items.map(({ id }) => id)).toEqual([lead.id]);
  });

  it('has one effect for a repeated change with the same key', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    const note = { type: 'CALL', text: 'spoke for five minutes' } as const;
    await admin.leads.addActivity(lead.id, note, { idempotencyKey: 'n1' });
    const again = await admin.leads.addActivity(lead.id, note, { idempotencyKey: 'n1' });
    expect(again.activityCount).toBe(2);
    expect(again.firstResponseAt).not.toBeNull();
    await expect(
      admin.leads.addActivity(lead.id, { ...note, text: 'other' }, { idempotencyKey: 'n1' }),
    ).rejects.toThrow(withCode('IDEMPOTENCY_KEY_REUSED'));
  });

  const full = process.env['LMS_TEST_FULL'] === '1';
  // Each note costs the same however many there are: pages and overflow are the same of 3,000 as of 20,000.
  const notes = shape === 'sqlite' ? (full ? 20_000 : 3_000) : full ? 5_000 : 300;
  it(`holds at most 100 activities itself, of ${notes}, and lists all of them`, { timeout: 240_000 }, async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const lead = await admin.leads.create(loanLead());
    for (let start = 0; start < notes; start += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          admin.leads.addActivity(lead.id, { type: 'NOTE', text: `note ${start + index}` }),
        ),
      );
    }
    const after = await admin.leads.get(lead.id);
    expect(after.activities).toHaveLength(100);
    expect(after.activityCount).toBe(notes + 1);
    const ids = new Set<string>();
    const texts = new Set<string | null>();
    for await (const activity of admin.leads.activities(lead.id)) {
      ids.add(activity.id);
      texts.add(activity.text);
    }
    expect(ids.size).toBe(notes + 1);
    expect(texts.size).toBe(notes + 1);
  });

  it('does nothing on a repeat of a key whose first call found nothing to do', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    await admin.leads.delete(lead.id);
    await admin.leads.delete(lead.id, { idempotencyKey: 'clean-up' });
    await admin.leads.restore(lead.id);
    expect((await admin.leads.delete(lead.id, { idempotencyKey: 'clean-up' })).deletedAt).toBeNull();
  });

  it('keeps of a request beside its key only a keyed hash, so that a phone cannot be tried out', async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const lead = await admin.leads.create(loanLead());
    const patch = { fields: { mobile: '9876543210' } };
    await admin.leads.update(lead.id, patch, { idempotencyKey: 'k' });
    const [record] = await storage.commands.find(null, 'documents', `user:root leads.update ${lead.id}`, ['k']);
    const plain = createHash('sha256').update(canonicalJson(patch)).digest('base64url');
    expect(record?.bodyHash).toMatch(/^[\w-]{43}$/);
    expect(record?.bodyHash).not.toBe(plain);
  });

  it('refuses what no command can mean, by name', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    const hostile = JSON.parse('{ "__proto__": "x" }');
    await expect(callUntyped(admin.leads, 'update', lead.id, { fields: hostile })).rejects.toThrow(
      /no field "__proto__"/,
    );
    await expect(callUntyped(admin.leads, 'update', lead.id, { fields: { loanAmount: 500_000n } })).rejects.toThrow(
      LmsError,
    );
    const cancelled = { status: 'cancelled', fields: { outcome: 'spoke' } };
    await expect(callUntyped(admin.leads, 'completeTask', lead.id, 'first-call', cancelled)).rejects.toThrow(
      withCode('INPUT_INVALID'),
    );
    await expect(callUntyped(admin.leads, 'checkMove', lead.id, { $gt: '' })).rejects.toThrow(
      withCode('INPUT_INVALID'),
    );
    await expect(callUntyped(admin.leads, 'moveMany', [null])).rejects.toThrow(withCode('INPUT_INVALID'));
    expect((await admin.leads.get(lead.id)).version).toBe(1);
  });
}, allEngines);
