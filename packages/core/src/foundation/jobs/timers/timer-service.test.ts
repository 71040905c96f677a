import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../../test-support/store.js';
import type { Storage } from '../../../storage/storage.js';

const dueAt = '2026-02-01T04:30:00.000Z';

describeShapes((makeStorage) => {
  let storage: Storage;
  let desk: TestStore;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await newStore(storage);
  });
  afterAll(() => desk.lms.close());

  it('sets timers of the embedder, fires them with the tick, and the trail tells of it', async () => {
    const { lms, admin, clock } = desk;
    const set = await admin.timers.set({ key: 'recall/case-17', dueAt, data: { case: 17 } });
    expect(set).toMatchObject({ key: 'recall/case-17', dueAt, fireAt: dueAt, eventType: 'timer.fired', stuck: false });
    expect(set.data).toEqual({ key: 'recall/case-17', dueAt, data: { case: 17 } });
    await admin.timers.set({ key: 'recall/case-18', dueAt });
    expect(await admin.timers.list({ limit: 1 })).toEqual({ timers: [set], next: 'recall/case-17' });
    const rest = await admin.timers.list({ after: 'recall/case-17', stuck: false });
    expect(rest.timers.map(({ key }) => key)).toEqual(['recall/case-18']);
    expect(await admin.timers.retry('recall/case-18'), 'one that never failed').toEqual(rest.timers[0]);

    expect(await admin.timers.cancel('recall/case-18')).toBe(true);
    expect(await admin.timers.cancel('recall/case-18')).toBe(false);
    expect((await lms.tick()).timers).toEqual({ fired: 0, failed: 0 });
    clock.advance('30d');
    expect((await lms.tick()).timers).toEqual({ fired: 1, failed: 0 });
    const { rows } = await admin.audit.list({ aggregateKind: 'timer', limit: 5 });
    expect(rows.map(({ eventType }) => eventType).sort()).toEqual(['timer.cancelled', 'timer.fired']);
    expect(rows.find(({ eventType }) => eventType === 'timer.fired')).toMatchObject({ actor: 'user:root' });
    await expect(admin.timers.get('recall/case-17')).rejects.toMatchObject({ code: 'TIMER_NOT_FOUND' });
  });

  it('makes a stuck timer due again with eight more tries', async () => {
    const { lms, admin, clock } = desk;
    const { fireAt } = await admin.timers.set({ key: 'stuck', dueAt });
    await storage.unitOfWork.run('ledger', async (unit) => {
      const timer = await storage.timers.get(unit, 'stuck');
      if (timer === null) throw new Error('the timer is gone');
      await storage.timers.reschedule(unit, [{ ...timer, attempts: 8, lastError: 'INTERNAL', stuck: true }]);
    });
    clock.advance('30d');
    expect((await lms.tick()).timers.fired).toBe(0);
    expect((await lms.health()).timers).toMatchObject({ ok: false, stuck: 1 });
    expect(await admin.timers.retry('stuck')).toMatchObject({ stuck: false, attempts: 0, fireAt });
    expect((await lms.tick()).timers.fired).toBe(1);
    await expect(admin.timers.retry('stuck')).rejects.toMatchObject({ code: 'TIMER_NOT_FOUND' });
  });

  it('refuses keys of LMS itself, times that are none, much data, and whoever may not', async () => {
    const { admin, user } = desk;
    const invalid = { code: 'INPUT_INVALID' };
    await expect(admin.timers.set({ key: 'sla:lead', dueAt })).rejects.toMatchObject(invalid);
    await expect(admin.timers.set({ key: 'x', dueAt: 'tomorrow' })).rejects.toMatchObject(invalid);
    const long = { key: 'x', dueAt, data: 'x'.repeat(8_000) };
    await expect(admin.timers.set(long)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const agent = await user('ravi', ['agent']);
    const denied = { code: 'PERMISSION_DENIED' };
    await expect(agent.timers.set({ key: 'x', dueAt })).rejects.toMatchObject(denied);
    await expect(agent.timers.list()).rejects.toMatchObject(denied);
    await expect(agent.timers.get('x')).rejects.toMatchObject(denied);
    await expect(agent.timers.cancel('x')).rejects.toMatchObject(denied);
    await expect(agent.timers.retry('x')).rejects.toMatchObject(denied);
  });
});
