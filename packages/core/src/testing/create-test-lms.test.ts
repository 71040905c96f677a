import { expect, it } from 'vitest';
import { describeShapes } from '../../test-support/shapes.js';
import { hasCode } from '../index.js';
import { createTestLms, testLead, testLine } from './index.js';

it('makes the same ids at the same times for the same seed, and others for another', async () => {
  const firstLead = async (seed: string) => {
    await using test = await createTestLms({ seed, now: '2026-03-01T10:00:00.000Z' });
    await test.admin.schemas.publish(testLine());
    test.clock.advance('15m');
    const { id, number, createdAt } = await test.admin.leads.create(testLead());
    return { id, number, createdAt };
  };
  const one = await firstLead('one');
  expect(one).toMatchObject({ number: 'LEAD-202603-00001', createdAt: '2026-03-01T10:15:00.000Z' });
  expect(await firstLead('one')).toEqual(one);
  expect((await firstLead('two')).id).not.toBe(one.id);
});

it('fires the timers that are due when its clock is moved on', async () => {
  await using test = await createTestLms();
  const dueAt = '2026-01-15T04:45:00.000Z';
  const { id } = await test.admin.timers.set({ key: 'recall', dueAt });
  const told = async () => (await test.admin.audit.list({ aggregateId: id })).rows.map(({ at }) => at);
  await test.advance('14m');
  expect(await told()).toEqual([]);
  await test.advance('1m');
  expect(await told()).toEqual([dueAt]);
});

describeShapes((makeStorage, { shape }) => {
  it('fails a unit when told to: before the commit nothing stays, after it the lead is there', async () => {
    const test = await createTestLms({ storage: await makeStorage() });
    await test.admin.schemas.publish(testLine());
    const count = async () => (await test.admin.leads.list().page()).items.length;
    const unavailable = expect.toSatisfy((error: unknown) => hasCode(error, 'STORE_UNAVAILABLE'));
    const lead = testLead();
    test.faults.failNext({ home: 'documents', at: 'before-commit' });
    await expect(test.admin.leads.create(lead, { idempotencyKey: 'a' })).rejects.toThrow(unavailable);
    expect(await count()).toBe(0);
    test.faults.failNext({ home: 'documents', at: 'after-commit' });
    await expect(test.admin.leads.create(lead, { idempotencyKey: 'a' })).rejects.toThrow(unavailable);
    const { number } = await test.admin.leads.create(lead, { idempotencyKey: 'a' });
    await test.settle();
    expect(await count()).toBe(1);
    expect(await test.admin.leads.get(number)).toMatchObject({ version: 1 });
  });

  it('delivers twice when told to, with one effect', async () => {
    const test = await createTestLms({ storage: await makeStorage() });
    await test.admin.schemas.publish(testLine());
    await test.settle();
    test.faults.repeatDeliveries(true);
    const lead = await test.admin.leads.create(testLead());
    const [first, second] = [await test.lms.tick(), await test.lms.tick()];
    expect([first.projected, second.projected]).toEqual(shape === 'sqlite' ? [0, 0] : [1, 1]);
    test.faults.repeatDeliveries(false);
    await test.settle();
    expect((await test.admin.audit.list({ aggregateId: lead.id })).rows).toHaveLength(1);
    expect((await test.admin.leads.board({ productLine: 'test-line' })).columns[0]?.count).toBe(1);
  });
});
