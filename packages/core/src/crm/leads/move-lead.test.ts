import { expect, it } from 'vitest';
import { loanLine } from '../../../test-support/loan-line.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore } from '../../../test-support/store.js';
import { createLms, hasCode } from '../../index.js';
import { createTestLms, testKey } from '../../testing/index.js';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));

describeShapes((makeStorage, { anotherHandle }) => {
  it('refuses a move while a required task is open, and says so before anyone tries', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    const reasons = await admin.leads.checkMove(lead.id, 'qualified');
    expect(reasons.map(({ code }) => code).sort()).toEqual(['STAGE_NOT_NEXT', 'TASK_REQUIRED']);
    const attempt = admin.leads.move(lead.id, { to: 'contacted' });
    await expect(attempt).rejects.toThrow(withCode('MOVE_REFUSED'));
    await expect(attempt).rejects.toThrow('First call');
    expect((await admin.leads.get(lead.id)).version).toBe(1);
  });

  it('closes the stay, opens the next, makes its tasks and logs the change', async () => {
    const { admin, clock } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'connected' } });
    clock.advance('2h');
    const moved = await admin.leads.move(lead.id, { to: 'contacted', comment: 'will send salary slips' });
    expect(moved).toMatchObject({ stage: 'contacted', status: 'in_progress', version: 3 });
    expect(moved.history).toEqual([
      { stage: 'new', enteredAt: lead.createdAt, exitedAt: moved.stageEnteredAt, enteredBy: 'user:root' },
      { stage: 'contacted', enteredAt: moved.stageEnteredAt, exitedAt: null, enteredBy: 'user:root' },
    ]);
    expect(moved.tasks.map(({ template, status }) => [template, status])).toEqual([
      ['first-call', 'completed'],
      ['send-brochure', 'cancelled'],
    ]);
    expect(moved.tasks[0]?.values).toEqual({ outcome: 'connected' });
    expect(moved.activities.at(-1)).toMatchObject({
      type: 'STAGE_CHANGE',
      data: { from: 'new', to: 'contacted' },
      text: 'will send salary slips',
    });
  });

  it('checks the fields of a task, and closes a task once', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    await expect(admin.leads.completeTask(lead.id, 'first-call')).rejects.toThrow(withCode('LEAD_INVALID'));
    await expect(admin.leads.completeTask(lead.id, 'no-such')).rejects.toThrow(withCode('TASK_NOT_FOUND'));
    await expect(admin.leads.completeTask(lead.id, 'first-call', { status: 'skipped' })).rejects.toThrow(
      withCode('INPUT_INVALID'),
    );
    await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'connected' } });
    await expect(
      admin.leads.completeTask(lead.id, lead.tasks[0]?.id ?? '', { fields: { outcome: 'again' } }),
    ).rejects.toThrow(withCode('TASK_CLOSED'));
  });

  it('decides a lead in a terminal stage, and leaves it only by an allowed move', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead({ mobile: '9876543210', pan: 'ABCPD1234E' }));
    const lost = await admin.leads.move(lead.id, { to: 'lost' });
    expect(lost).toMatchObject({ status: 'lost', lostAt: lost.stageEnteredAt, wonAt: null });
    await expect(admin.leads.move(lead.id, { to: 'won' })).rejects.toThrow(withCode('MOVE_REFUSED'));
    await expect(admin.leads.create(loanLead({ pan: 'ABCPD1234E' }))).rejects.toThrow(withCode('LEAD_DUPLICATE'));
    const successor = await admin.leads.create(loanLead({ mobile: '9876543210' }));
    await expect(admin.leads.move(lead.id, { to: 'new' })).rejects.toThrow(successor.number);
    await admin.leads.delete(successor.id);
    expect(await admin.leads.move(lead.id, { to: 'new' })).toMatchObject({ status: 'in_progress', lostAt: null });
  });

  it('asks guards, and gives all reasons together', async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const lead = await admin.leads.create(loanLead({ city: 'Pune' }));
    const guarded = await createLms({
      storage: await anotherHandle(storage),
      key: testKey,
      guards: [
        (subject) =>
          subject.values['city'] === 'Pune' ? [{ code: 'CITY_CLOSED', message: 'Pune is closed today' }] : [],
      ],
    });
    const reasons = await guarded.as({ kind: 'user', id: 'root' }).leads.checkMove(lead.id, 'contacted');
    expect(reasons.map(({ code }) => code).sort()).toEqual(['CITY_CLOSED', 'TASK_REQUIRED']);
  });

  it('moves many with an outcome each', async () => {
    const { admin } = await newStore(await makeStorage());
    const first = await admin.leads.create(loanLead());
    const second = await admin.leads.create(loanLead());
    const outcomes = await admin.leads.moveMany([
      { lead: first.id, to: 'lost' },
      { lead: second.id, to: 'contacted' },
      { lead: second.id, to: 'nowhere' },
    ]);
    expect(outcomes.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual(['ok', 'MOVE_REFUSED', 'MOVE_REFUSED']);
  });
});

it('ends going to and fro at 500 stays', { timeout: 60_000 }, async () => {
  await using test = await createTestLms();
  const { schemas, leads } = test.admin;
  await schemas.publish(loanLine);
  const lead = await leads.create(loanLead());
  for (let stays = 1; stays < 500; stays += 1) await leads.move(lead.id, { to: stays % 2 === 1 ? 'lost' : 'new' });
  const reasons = await leads.checkMove(lead.id, 'new');
  expect(reasons.map(({ code }) => code)).toEqual(['LEAD_MOVED_TOO_OFTEN']);
  expect((await leads.get(lead.id)).history).toHaveLength(500);
});
