import { expect, it } from 'vitest';
import { describeShapes } from '../../../../test-support/shapes.js';
import { newStore } from '../../../../test-support/store.js';

describeShapes((makeStorage) => {
  it('adds one job for a key, however often and at once it is asked to, and no other job for it', async () => {
    const { lms, admin } = await newStore(await makeStorage());
    const draft = { kind: 'test.once', payload: { lead: 'L-1' } };
    const key = { idempotencyKey: 'request-1' };
    const added = await Promise.all(Array.from({ length: 8 }, () => admin.jobs.add(draft, key)));
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
    expect((await admin.jobs.list({ kind: 'test.once' })).jobs).toHaveLength(1);
    await expect(admin.jobs.add({ ...draft, payload: null }, key)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect((await admin.jobs.add(draft)).id).not.toBe(added[0]?.id);
    await lms.close();
  });

  it('adds many jobs or none of them, and with a key the same ones again, in their order', async () => {
    const { lms, admin } = await newStore(await makeStorage());
    const drafts = Array.from({ length: 500 }, (_, at) => ({ kind: 'test.many', payload: { at } }));
    const key = { idempotencyKey: 'request-1' };
    const [ids = [], others] = await Promise.all([1, 2].map(() => admin.jobs.addMany(drafts, key)));
    expect(new Set(ids).size).toBe(500);
    expect(others).toEqual(ids);
    expect((await lms.health()).jobs).toMatchObject({ waiting: 500 });
    expect(await admin.jobs.addMany(drafts, key)).toEqual(ids);
    expect((await admin.jobs.get(ids[300] ?? '')).payload).toEqual({ at: 300 });
    await expect(admin.jobs.addMany(drafts.slice(1), key)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: expect.stringContaining('the idempotency key "request-1"'),
    });

    const active = await admin.jobs.add({ kind: 'test.many', payload: null, dedupeKey: 'L-1' });
    const [again, other] = await admin.jobs.addMany([
      { kind: 'test.many', payload: null, dedupeKey: 'L-1' },
      { kind: 'test.many', payload: null, dedupeKey: 'L-2' },
    ]);
    expect(again).toBe(active.id);
    expect(other).not.toBe(active.id);

    const before = (await admin.jobs.list({ kind: 'test.many', limit: 1 })).jobs[0]?.id;
    for (const [wrong, code, path] of [
      [{ kind: 'import.run', payload: null }, 'INPUT_INVALID', '1.kind'],
      [{ kind: 'test.many', payload: 'x'.repeat(40_000) }, 'LIMIT_EXCEEDED', '1.payload'],
      [{ kind: 'test.many', payload: null, priority: 'urgent' as never }, 'INPUT_INVALID', '1.priority'],
    ] as const) {
      const adding = admin.jobs.addMany([{ kind: 'test.many', payload: null }, wrong]);
      await expect(adding).rejects.toMatchObject({ code, path });
    }
    expect((await admin.jobs.list({ kind: 'test.many', limit: 1 })).jobs[0]?.id).toBe(before);
    const large = Array.from({ length: 40 }, () => ({ kind: 'test.many', payload: 'x'.repeat(30_000) }));
    await expect(admin.jobs.addMany(large)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', path: 'payload' });
    await expect(admin.jobs.add(undefined as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(admin.jobs.addMany(undefined as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(admin.jobs.addMany([])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(admin.jobs.addMany(drafts, { idempotencyKey: 'x'.repeat(251) })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      path: 'idempotencyKey',
    });
    await lms.close();
  });

  it('a dead job that nobody will mend is cancelled, and health is well again', async () => {
    const storage = await makeStorage();
    const { lms, admin } = await newStore(storage);
    const { id } = await admin.jobs.add({ kind: 'test.dead', payload: null });
    await storage.unitOfWork.run('ledger', async (unit) => {
      const job = await storage.jobs.get(unit, id);
      if (job === null) throw new Error('the job is gone');
      const { createdAt: finishedAt } = job;
      await storage.jobs.update(unit, { ...job, status: 'dead', lastError: 'INTERNAL', finishedAt });
    });
    expect((await lms.health()).jobs).toMatchObject({ dead: 1, ok: false });
    expect((await admin.jobs.cancel(id)).status).toBe('cancelled');
    expect((await lms.health()).jobs).toMatchObject({ dead: 0, ok: true });
    expect((await admin.jobs.cancel(id)).status).toBe('cancelled');
    await lms.close();
  });

  it('health is well while a job waits for a place beside others of its kind, not while none of its kind runs', async () => {
    const storage = await makeStorage();
    const { lms, admin, clock } = await newStore(storage);
    for (const kind of ['test.busy', 'test.busy']) await admin.jobs.add({ kind, payload: null });
    const claim = (limit: number): Promise<unknown> => {
      const [now, leaseUntil] = [0, 60_000].map((later) => new Date(clock.now() + later).toISOString());
      const shares = [{ kind: 'test.busy', limit }];
      return storage.unitOfWork.run('ledger', (unit) =>
        storage.jobs.claim(unit, { shares, holder: 'worker', now: now ?? '', leaseUntil: leaseUntil ?? '', limit }),
      );
    };
    await claim(1);
    clock.advance('15m');
    expect((await lms.health()).jobs).toMatchObject({ waiting: 1, running: 1, ok: true, overdueMillis: 0 });
    await admin.jobs.add({ kind: 'test.left', payload: null, runAt: '2026-01-15T04:30:00.000Z' });
    expect((await lms.health()).jobs).toMatchObject({ ok: false, overdueMillis: 900_000 });
    await lms.close();
  });
});
