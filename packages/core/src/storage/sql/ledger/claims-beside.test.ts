import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type StorePlace } from '../../../../test-support/shapes.js';
import type { NewJob } from '../../../foundation/jobs/queue/job-store.js';
import type { NewTimer } from '../../../foundation/jobs/timers/timer-store.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import type { Storage } from '../../storage.js';

const at = '2026-02-15T04:30:00.000Z';
const later = '2026-02-15T04:31:00.000Z';
const common = { actor: 'user:asha', via: null, correlationId: 'beside' } as const;

function idOf(serial: number): string {
  return `019c5f00-0000-7000-8000-${String(serial).padStart(12, '0')}`;
}

const jobs: readonly NewJob[] = Array.from({ length: 10 }, (_, serial) => ({
  ...common,
  id: idOf(serial),
  kind: 'test.beside',
  priority: 'normal',
  runAt: at,
  createdAt: at,
  maxAttempts: 3,
  payload: null,
  dedupeKey: null,
}));

const timers: readonly NewTimer[] = Array.from({ length: 10 }, (_, serial) => ({
  ...common,
  key: `beside/${serial}`,
  id: idOf(serial),
  dueAt: at,
  working: null,
  setAt: at,
  event: { type: 'timer.fired', aggregate: { kind: 'timer', id: idOf(serial), version: 1 }, data: null },
}));

/** SQLite has one writer: there units wait for each other whatever they are at. */
describe.each(['mysql', 'mariadb'] as const)('units that take what is due at once on %s', (name) => {
  let place: StorePlace;
  let storage: Storage;
  let other: Storage;

  beforeAll(async () => {
    place = await makePlace(name);
    [storage, other] = [place.handle(), place.handle()];
    await storage.open();
    await other.open();
  }, 60_000);

  afterAll(async () => {
    await Promise.all([storage.close(), other.close()]);
    await place.remove();
  });

  /** What one unit takes while another holds what it took. */
  async function besideOf(
    take: (store: Storage, unit: Unit) => Promise<readonly { readonly id: string }[]>,
  ): Promise<readonly string[]> {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hold: (taken: readonly string[]) => void = () => undefined;
    const held = new Promise<readonly string[]>((resolve) => {
      hold = resolve;
    });
    const first = storage.unitOfWork.run('ledger', async (unit) => {
      hold((await take(storage, unit)).map(({ id }) => id));
      await released;
    });
    const firsts = await held;
    const second = other.unitOfWork.run('ledger', (unit) => take(other, unit));
    const seconds = await Promise.race([second, sleep(3_000, null)]);
    release();
    await Promise.all([first, second]);
    if (seconds === null) throw new Error('it waited for the other unit');
    return [...firsts, ...seconds.map(({ id }) => id)];
  }

  it('get other jobs, and do not wait', async () => {
    await storage.unitOfWork.run('ledger', (unit) => storage.jobs.insert(unit, jobs));
    const claim = {
      shares: [{ kind: 'test.beside', limit: 3 }],
      holder: 'worker',
      now: at,
      leaseUntil: later,
      limit: 3,
    };
    const taken = await besideOf((store, unit) => store.jobs.claim(unit, claim));
    expect(new Set(taken).size).toBe(6);
  });

  // MariaDB reads a table of so few rows whole to delete three, whatever it is told.
  if (name === 'mysql')
    it('get other timers, and do not wait', async () => {
      await storage.unitOfWork.run('ledger', (unit) => storage.timers.set(unit, timers));
      const taken = await besideOf((store, unit) => store.timers.takeDue(unit, at, 3));
      expect(new Set(taken).size).toBe(6);
    });
});
