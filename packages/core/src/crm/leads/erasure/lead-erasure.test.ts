import { expect, it } from 'vitest';
import { allShapes, describeShapes } from '../../../../test-support/shapes.js';
import { loanFields, loanLead, newStore, openStore } from '../../../../test-support/store.js';
import { type HoldSubject, hasCode } from '../../../index.js';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));
const asked = { reason: 'person-asked' } as const;
const details = { mobile: '9876500001', email: 'asha@example.in', pan: 'ABCPR1234K', birthDate: '1990-04-05' };

describeShapes((makeStorage, { anotherHandle }) => {
  it('leaves a numbered shell with stage, stays and owner, and nothing that anybody entered', async () => {
    const { admin } = await newStore(await makeStorage());
    const made = await admin.leads.create({ ...loanLead(details), properties: { nickname: 'Ashu' } });
    await admin.leads.addActivity(made.id, { type: 'NOTE', text: 'her sister picked up' });
    await admin.leads.completeTask(made.id, 'first-call', { fields: { outcome: 'keen' } });
    await admin.leads.move(made.id, { to: 'contacted', comment: 'wants a call at home' });

    const erased = await admin.leads.erase(made.number, asked);

    expect(erased).toMatchObject({ number: made.number, stage: 'contacted', status: 'in_progress', version: 5 });
    expect(erased).toMatchObject({
      name: null,
      phone: null,
      email: null,
      amountPaise: null,
      region: null,
      score: null,
    });
    expect(erased).toMatchObject({ values: {}, entered: {}, properties: {}, links: [] });
    expect(erased.erasedAt).toBe('2026-01-15T04:30:00.000Z');
    expect(erased.history.map(({ stage }) => stage)).toEqual(['new', 'contacted']);
    expect(erased.tasks.every((task) => Object.keys(task.values).length === 0)).toBe(true);
    expect(erased.activities.map(({ type, text }) => [type, text])).toEqual([
      ['CREATED', null],
      ['NOTE', null],
      ['TASK_COMPLETED', null],
      ['STAGE_CHANGE', null],
      ['ERASED', null],
    ]);
    expect(await admin.leads.get(made.id)).toEqual(erased);
  });

  it('is shown by lists, boards and counts, is found by its number alone, and left out of exports', async () => {
    const { admin, lms } = await newStore(await makeStorage());
    const made = await admin.leads.create(loanLead(details));
    await admin.leads.create(loanLead());
    await admin.leads.erase(made.id, asked);
    await lms.settle();
    const { items } = await admin.leads.list({ productLine: 'personal-loan' }).page();
    expect(items.map(({ erasedAt }) => erasedAt !== null)).toEqual([false, true]);
    const { columns } = await admin.leads.board({ productLine: 'personal-loan' });
    expect(columns[0]).toMatchObject({ count: 2 });
    expect(columns[0]?.cards.find(({ leadId }) => leadId === made.id)).toMatchObject({ name: null, amountPaise: null });
    expect((await admin.leads.find(details.mobile)).leads).toEqual([]);
    expect((await admin.leads.find(details.pan)).leads).toEqual([]);
    expect((await admin.leads.find(made.number)).leads).toHaveLength(1);
    expect((await admin.leads.activities(made.id).page()).items).toHaveLength(2);
    const { items: inPune } = await admin.leads
      .list({ productLine: 'personal-loan', where: [{ field: 'city', value: 'Pune' }] })
      .page();
    expect(inPune.map(({ id }) => id)).not.toContain(made.id);
  });

  it('gives unique values back, so that the person may come again', async () => {
    const { admin } = await newStore(await makeStorage());
    const made = await admin.leads.create(loanLead(details));
    await expect(admin.leads.create(loanLead(details))).rejects.toThrow(withCode('LEAD_DUPLICATE'));
    await admin.leads.erase(made.id, asked);
    await admin.leads.create(loanLead(details));
  });

  it('is told once however often it is asked for, and by two at once', async () => {
    const storage = await makeStorage();
    const { admin, lms } = await newStore(storage);
    const other = await openStore(await anotherHandle(storage));
    const made = await admin.leads.create(loanLead(details));
    const both = await Promise.all([admin.leads.erase(made.id, asked), other.admin.leads.erase(made.id, asked)]);
    expect(both.map(({ version }) => version)).toEqual([2, 2]);
    expect((await admin.leads.erase(made.id, { reason: 'retention-ended' })).version).toBe(2);
    await lms.settle();
    const { rows } = await admin.audit.list({ aggregateId: made.id, eventType: 'lead.erased' });
    expect(rows.map(({ changes }) => changes)).toEqual([{ number: made.number, reason: 'person-asked' }]);
  });

  it('refuses changes of what was erased, but not to delete it, nor to give its stage up', async () => {
    const { admin } = await newStore(await makeStorage());
    const made = await admin.leads.create(loanLead(details), { idempotencyKey: 'first' });
    await admin.leads.erase(made.id, asked);
    const erased = withCode('KEY_DESTROYED');
    await expect(admin.leads.update(made.id, { fields: { city: 'Nashik' } })).rejects.toThrow(erased);
    await expect(admin.leads.addActivity(made.id, { type: 'NOTE', text: 'called' })).rejects.toThrow(erased);
    await expect(admin.leads.move(made.id, { to: 'lost' })).rejects.toThrow(erased);
    await expect(admin.leads.checkMove(made.id, 'lost')).rejects.toThrow(erased);
    await admin.stages.retire('personal-loan', 'new', { moveTo: 'contacted' });
    expect(await admin.leads.get(made.id)).toMatchObject({ stage: 'contacted', values: {} });
    expect((await admin.leads.delete(made.id)).deletedAt).not.toBeNull();
    const restored = await admin.leads.restore(made.id);
    expect(restored).toMatchObject({ deletedAt: null, values: {} });
    expect(restored.erasedAt).not.toBeNull();
    await admin.store.rebuildFacts();
    expect((await admin.leads.list().page()).items).toMatchObject([{ id: made.id, name: null, values: {} }]);
  });

  it('keeps what a hold wants kept, and says why', async () => {
    const seen: HoldSubject[] = [];
    const { admin } = await newStore(await makeStorage(), undefined, {
      erasureHolds: [
        (lead) => {
          seen.push(lead);
          return lead.status === 'lost' ? [] : [{ code: 'LOAN_OPEN', message: 'its loan runs until 2030' }];
        },
      ],
    });
    const made = await admin.leads.create(loanLead(details));
    const held = admin.leads.erase(made.id, asked);
    await expect(held).rejects.toThrow(withCode('ERASURE_HELD'));
    await expect(held).rejects.toMatchObject({
      details: { reasons: [{ code: 'LOAN_OPEN', message: 'its loan runs until 2030' }] },
    });
    expect(Object.keys(seen[0] ?? {})).not.toContain('values');
    expect((await admin.leads.get(made.id)).phone).toBe('+919876500001');
    await admin.leads.move(made.id, { to: 'lost' });
    expect((await admin.leads.erase(made.id, asked)).erasedAt).not.toBeNull();
  });

  it('is finished where a restore that broke off has left the lead with its key destroyed and all that lay in the clear', async () => {
    const storage = await makeStorage();
    const { admin, lms, user } = await newStore(storage);
    const made = await admin.leads.create({ ...loanLead(details), properties: { nickname: 'Ashu' } });
    const kept = await admin.leads.create(loanLead());
    await admin.leads.erase((await admin.leads.create(loanLead())).id, asked);
    await storage.unitOfWork.run('documents', (unit) =>
      storage.dataKeys.destroy(unit, 'lead', made.id, '2026-01-15T04:30:00.000Z'),
    );
    const agent = await user('ravi', ['agent']);
    await expect(agent.leads.finishErasures()).rejects.toThrow(withCode('PERMISSION_DENIED'));
    await expect(admin.leads.finishErasures({ signal: AbortSignal.abort() })).rejects.toThrow(
      withCode('COMMAND_ABORTED'),
    );
    const seen: number[] = [];
    const done = await admin.leads.finishErasures({ onProgress: ({ finished }) => seen.push(finished) });
    expect(done).toEqual({ keys: 3, finished: 1 });
    expect(seen).toEqual([1]);
    const [stored] = await storage.leads.get(null, [made.id]);
    expect(JSON.stringify(stored)).not.toMatch(/Ashu|1990-04-05/);
    await admin.leads.create(loanLead(details));
    expect((await admin.leads.get(kept.id)).name).not.toBeNull();
    expect(await admin.leads.finishErasures()).toEqual({ keys: 4, finished: 0 });
    await lms.settle();
    const { rows } = await admin.audit.list({ aggregateId: made.id, eventType: 'lead.erased' });
    expect(rows.map(({ changes, actor }) => [changes, actor])).toEqual([
      [{ number: made.number, reason: 'restored-backup' }, 'user:root'],
    ]);
  });

  it('is for admins, and for a reason of the list', async () => {
    const { admin, user } = await newStore(await makeStorage());
    const made = await admin.leads.create(loanLead(details));
    const mira = await user('mira', ['manager']);
    await expect(mira.leads.erase(made.id, asked)).rejects.toThrow(withCode('PERMISSION_DENIED'));
    await expect(Reflect.apply(admin.leads.erase, admin.leads, [made.id, { reason: 'asha said so' }])).rejects.toThrow(
      withCode('INPUT_INVALID'),
    );
    expect((await admin.leads.get(made.id)).erasedAt).toBeNull();
  });

  it('repeats the reply of a command that was given before', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = { productLine: 'personal-loan', fields: loanFields(details) };
    const made = await admin.leads.create(lead, { idempotencyKey: 'made' });
    await admin.leads.erase(made.id, asked, { idempotencyKey: 'gone' });
    expect((await admin.leads.create(lead, { idempotencyKey: 'made' })).erasedAt).not.toBeNull();
    expect((await admin.leads.erase(made.id, asked, { idempotencyKey: 'gone' })).version).toBe(2);
  });
}, allShapes);
