import { expect, it } from 'vitest';
import { describeShapes } from '../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../test-support/store.js';
import { type CommandRecord, LmsError, type Storage } from './index.js';

const day = 24 * 60 * 60 * 1000;

/** Keys of commands that expired a millisecond before that moment. */
function expired(count: number, now: number): readonly CommandRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    scope: 'user:asha leads.create',
    key: `key-${index}`,
    bodyHash: 'aGFzaA',
    aggregateKind: 'lead',
    aggregateId: `lead-${index}`,
    version: 1,
    at: new Date(now - day - 1).toISOString(),
    expiresAt: new Date(now - 1).toISOString(),
  }));
}

/** A store whose ledger is away while told so. */
function leavingLedger(storage: Storage): { storage: Storage; away: (isAway: boolean) => void } {
  let isAway = false;
  const { unitOfWork } = storage;
  const run: Storage['unitOfWork']['run'] = (home, work, options) =>
    isAway && home === 'ledger'
      ? Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'the ledger is away' }))
      : unitOfWork.run(home, work, options);
  return {
    storage: { ...storage, unitOfWork: { oneDatabase: unitOfWork.oneDatabase, run } },
    away: (told) => {
      isAway = told;
    },
  };
}

describeShapes((makeStorage, { shape, anotherHandle }) => {
  it('forgets every expired key in one round, and keeps the others', { timeout: 30_000 }, async () => {
    const storage = await makeStorage();
    const { lms, clock, admin } = await newStore(storage);
    const kept = await admin.leads.create(loanLead(), { idempotencyKey: 'kept' });
    const records = expired(2_300, clock.now());
    for (const home of ['documents', 'ledger'] as const) {
      const own = records.map((record) => ({ ...record, scope: `${record.scope} ${home}` }));
      for (let first = 0; first < own.length; first += 1_000) {
        await storage.unitOfWork.run(home, (unit) => storage.commands.record(unit, own.slice(first, first + 1_000)));
      }
    }
    expect((await lms.tick()).trimmed).toBe(4_600);
    expect((await lms.tick()).trimmed).toBe(0);
    expect(await storage.commands.find(null, 'documents', 'user:root leads.create', ['kept'])).toMatchObject([
      { aggregateId: kept.id },
    ]);
  });

  it('says how far behind the read models are, as data and for people', async () => {
    const made = await makeStorage();
    await (await newStore(made)).lms.settle();
    const { storage, away } = leavingLedger(await anotherHandle(made));
    const { lms, clock, admin } = await openStore(storage);
    const finding = async (): Promise<unknown> => (await lms.check()).find(({ name }) => name === 'read models');
    expect(await lms.health()).toMatchObject({
      ok: true,
      homes: { documents: { waiting: 0 }, ledger: { waiting: 0 } },
    });
    expect(await finding()).toEqual({ name: 'read models', ok: true, message: 'up to date' });
    if (shape === 'sqlite') return;
    away(true);
    await admin.leads.create(loanLead());
    clock.advance('61s');
    expect(await lms.health()).toMatchObject({
      ok: false,
      homes: { documents: { waiting: 1, lagMillis: 61_000, ok: false }, ledger: { ok: true } },
    });
    expect(await finding()).toMatchObject({
      ok: false,
      message: expect.stringMatching(
        /1 event not told yet, the oldest for 61 s; this process failed with STORE_UNAVAILABLE; run lms tick/,
      ),
    });
    await expect(lms.tick()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    away(false);
    expect(await lms.tick()).toMatchObject({ projected: 1, failed: 0 });
    expect(await finding()).toMatchObject({ ok: true });
  });
});
