import { expect, it } from 'vitest';
import { describeShapes } from '../../../../test-support/shapes.js';
import { newStore, openStore } from '../../../../test-support/store.js';
import { type Clock, createLms, type JobHandler, type JobSchedule, type Lms } from '../../../index.js';
import { sqlite } from '../../../storage/sqlite.js';
import { systemClock } from '../../kernel/index.js';

const start = Date.UTC(2026, 0, 15, 4, 30);
const hour = 3_600_000;
const day = 24 * hour;

const hourly: JobSchedule = { name: 'acme.hourly', kind: 'test.hourly', cron: '0 * * * *', timeZone: 'UTC' };
const nightly: JobSchedule = { name: 'acme.nightly', kind: 'test.nightly', cron: '0 2 * * *', payload: { full: true } };
const spanned: JobSchedule = { name: 'acme.span', kind: 'test.span', every: '1h' };

/** A clock that can be set back. */
class HandClock implements Clock {
  #now: number = start;

  now(): number {
    return this.#now;
  }

  move(millis: number): void {
    this.#now += millis;
  }
}

/** Handlers that note the times for which they ran, by kind. */
function noting(): { readonly handlers: readonly JobHandler[]; readonly runs: Map<string, number> } {
  const runs = new Map<string, number>();
  const handlers = [hourly, nightly, spanned].map(
    ({ kind }): JobHandler => ({
      kind,
      async run() {
        runs.set(kind, (runs.get(kind) ?? 0) + 1);
        return undefined;
      },
    }),
  );
  return { handlers, runs };
}

/** Looks once in a while of the store's clock, `steps` times. */
async function passTime(
  { lms, clock }: { readonly lms: Lms; readonly clock: HandClock },
  steps: number,
  millis: number,
): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    clock.move(millis);
    await lms.tick();
  }
}

describeShapes((makeStorage, { anotherHandle }) => {
  it('adds the job of each time once, however many processes look, and tells when it ran and runs next', async () => {
    const { handlers, runs } = noting();
    const jobs = { handlers, schedules: [nightly, spanned] };
    const storage = await makeStorage();
    const clock = new HandClock();
    const first = await newStore(storage, undefined, { clock, jobs });
    const second = await openStore(await anotherHandle(storage), undefined, { clock, jobs });
    await Promise.all([first.lms.tick(), second.lms.tick()]);
    expect((await first.admin.jobs.schedules()).schedules).toMatchObject([
      { name: 'acme.nightly', plan: '0 2 * * * in Asia/Kolkata', nextAt: '2026-01-15T20:30:00.000Z', lastAt: null },
      { name: 'acme.span', plan: 'every 1h', nextAt: '2026-01-15T05:30:00.000Z', lastAt: null, stopped: false },
    ]);
    for (let passed = 0; passed < 24; passed += 1) {
      clock.move(hour);
      await Promise.all([first.lms.tick(), second.lms.tick()]);
    }
    // What one added while the other was past its jobs.
    await first.lms.tick();
    expect(Object.fromEntries(runs)).toEqual({ 'test.nightly': 1, 'test.span': 24 });
    const [done] = (await first.admin.jobs.list({ kind: 'test.nightly' })).jobs;
    expect(done).toMatchObject({ payload: { full: true }, actor: 'system:scheduler', status: 'done' });
    const [shown] = (await first.admin.jobs.schedules({ limit: 1 })).schedules;
    expect(shown).toMatchObject({
      lastDue: '2026-01-15T20:30:00.000Z',
      nextAt: '2026-01-16T20:30:00.000Z',
      lastJob: done?.id,
    });
    const agent = await first.user('ravi', ['agent']);
    await expect(agent.jobs.schedules()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await Promise.all([first.lms.close(), second.lms.close()]);
  });

  it('runs once for all times that were missed, and no more once it is taken out', async () => {
    const { handlers, runs } = noting();
    const storage = await makeStorage();
    const clock = new HandClock();
    const { lms } = await newStore(storage, undefined, { clock, jobs: { handlers, schedules: [hourly] } });
    await lms.tick();
    await passTime({ lms, clock }, 1, 5 * day);
    expect(runs.get('test.hourly')).toBe(1);
    await passTime({ lms, clock }, 2, hour);
    expect(runs.get('test.hourly')).toBe(3);
    const without = await openStore(await anotherHandle(storage), undefined, { clock, jobs: { handlers } });
    await lms.close();
    await passTime({ lms: without.lms, clock }, 3, hour);
    expect(runs.get('test.hourly')).toBe(3);
    expect((await without.admin.jobs.schedules()).schedules).toMatchObject([{ name: 'acme.hourly', stopped: true }]);
    await passTime({ lms: without.lms, clock }, 1, 31 * day);
    expect((await without.admin.jobs.schedules()).schedules).toEqual([]);
    await without.lms.close();
  });

  it('with a clock that is moved on a day and back runs for no time twice, and leaves none out', async () => {
    const { handlers, runs } = noting();
    const schedules = [hourly, nightly, spanned];
    const clock = new HandClock();
    const { lms } = await newStore(await makeStorage(), undefined, { clock, jobs: { handlers, schedules } });
    await lms.tick();
    clock.move(day);
    await lms.tick();
    expect(Object.fromEntries(runs)).toEqual({ 'test.hourly': 1, 'test.nightly': 1, 'test.span': 1 });
    clock.move(-day);
    await lms.tick();
    expect(runs.get('test.nightly')).toBe(1);
    // 24 hours of which the first time of each was run for already.
    await passTime({ lms, clock }, 24, hour);
    expect(Object.fromEntries(runs)).toEqual({ 'test.hourly': 24, 'test.nightly': 1, 'test.span': 24 });
    await passTime({ lms, clock }, 24, hour);
    expect(Object.fromEntries(runs)).toEqual({ 'test.hourly': 48, 'test.nightly': 2, 'test.span': 48 });
    await lms.close();
  });

  it('a worker runs it soon after its time; while a job of it runs there is no second', async () => {
    let isThrough = false;
    let runs = 0;
    const handler: JobHandler = {
      kind: 'test.span',
      async run() {
        runs += 1;
        while (!isThrough) await new Promise((resolve) => setTimeout(resolve, 10));
        return undefined;
      },
    };
    const schedules = [{ ...spanned, every: '1s' }];
    const { lms, admin } = await newStore(await makeStorage(), undefined, {
      clock: systemClock,
      jobs: { handlers: [handler], schedules },
    });
    await lms.worker.start();
    await expect.poll(() => runs, { timeout: 20_000 }).toBe(1);
    const first = (await admin.jobs.schedules()).schedules[0]?.nextAt ?? '';
    const next = async (): Promise<boolean> => ((await admin.jobs.schedules()).schedules[0]?.nextAt ?? '') > first;
    await expect.poll(next, { timeout: 15_000 }).toBe(true);
    expect(runs).toBe(1);
    isThrough = true;
    await lms.close();
  }, 40_000);
});

it('refuses schedules that could never run', async () => {
  const refused = async (...schedules: readonly JobSchedule[]): Promise<unknown> => {
    try {
      await createLms({ storage: sqlite({ file: ':memory:' }), jobs: { schedules } });
      return null;
    } catch (error) {
      return error;
    }
  };
  const invalid = expect.objectContaining({ code: 'CONFIG_INVALID' });
  expect(await refused({ ...spanned, every: 'often' })).toEqual(invalid);
  expect(await refused({ ...nightly, cron: 'at two' })).toEqual(invalid);
  expect(await refused(spanned, spanned)).toEqual(invalid);
  expect(await refused({ ...spanned, name: 'Not A Name' })).toEqual(invalid);
  expect(await refused({ ...nightly, cron: '0 0 30 2 *' })).toEqual(invalid);
  expect(await refused({ ...spanned, maxAttempts: 0 })).toEqual(invalid);
  expect(await refused({ ...spanned, payload: 'x'.repeat(40_000) })).toEqual(invalid);
  expect(await refused({ ...spanned, kind: 'import.run' })).toEqual(invalid);
  expect(await refused({ ...nightly, timeZone: 'Asia/Nowhere' })).toEqual(
    expect.objectContaining({ code: 'TIME_ZONE_UNKNOWN' }),
  );
});
