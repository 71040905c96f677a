import { beforeAll, expect, it } from 'vitest';
import { ids } from '../../../../test-support/assignment-desk.js';
import { describeShapes } from '../../../../test-support/shapes.js';
import type { Storage } from '../../../storage/storage.js';
import { TestClock } from '../../../testing/index.js';
import { auditProjection } from '../../audit/index.js';
import { WorkingCalendars } from '../../calendars/index.js';
import { LmsError, systemActor } from '../../kernel/index.js';
import type { Projection } from '../../persistence/index.js';
import { Dispatcher } from '../dispatcher.js';
import { TimerClockwork } from './timer-clockwork.js';
import { timerHealth, timersFinding } from './timer-health.js';
import { Timers } from './timers.js';

const start = '2026-01-15T04:30:00.000Z';

/** A projection that cannot take some events, until it is mended. */
class Choosy implements Projection {
  readonly name = 'choosy';
  readonly home = 'ledger';
  error: Error | null = new TypeError('cannot read "Asha Rao" of undefined');
  handles({ type }: { readonly type: string }): boolean {
    return type === 'timer.odd';
  }
  async project(): Promise<void> {
    if (this.error !== null) throw this.error;
  }
}

/** The timers of one process. */
function deskOf(store: Storage) {
  const clock = new TestClock(start);
  const choosy = new Choosy();
  const projections = [choosy, auditProjection(store.audit)];
  const dispatcher = new Dispatcher({ unitOfWork: store.unitOfWork, outbox: store.outbox, projections, clock, ids });
  const counting = new WorkingCalendars(store.calendars);
  const timers = new Timers({ timers: store.timers, counting, clock, ids });
  const firing = { timers: store.timers, counting, unitOfWork: dispatcher, events: dispatcher, clock };
  const clockwork = new TimerClockwork(firing);
  return {
    clock,
    choosy,
    clockwork,
    timers,
    run: dispatcher.run.bind(dispatcher, 'ledger'),
    /** Sets a timer for so many milliseconds from now. @returns the id of what it is about */
    async set(key: string, inMillis: number, type = 'timer.fired'): Promise<string> {
      const id = ids.next<'thing'>();
      const event = { type, aggregate: { kind: 'thing', id, version: 1 }, data: { key } };
      const dueAt = new Date(clock.now() + inMillis).toISOString();
      await dispatcher.run('ledger', (unit) => timers.set(unit, [{ key, dueAt, event, actor: systemActor('test') }]));
      return id;
    },
    cancel: async (key: string): Promise<boolean> =>
      (await dispatcher.run('ledger', (unit) => timers.cancel(unit, [key]))).has(key),
    fired: async (id: string): Promise<number> => (await store.audit.list({ aggregateId: id, limit: 5 })).length,
    health: () => timerHealth({ timers: store.timers, calendars: store.calendars, clock }),
  };
}

describeShapes((makeStorage, { anotherHandle }) => {
  let store: Storage;
  beforeAll(async () => {
    store = await makeStorage();
  });

  it('fires a timer once it is due, once, and leaves what was cancelled or moved', async () => {
    const desk = deskOf(store);
    const [due, later] = [await desk.set('a/due', 60_000), await desk.set('a/later', 60_001)];
    const cancelled = await desk.set('a/cancelled', 60_000);
    const moved = await desk.set('a/moved', 60_000);
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 0, failed: 0 });
    expect(await desk.cancel('a/cancelled')).toBe(true);
    const movedTo = await desk.set('a/moved', 120_000);
    desk.clock.advance('1m');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 1, failed: 0 });
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 0, failed: 0 });
    expect(await desk.cancel('a/due'), 'cancelling what has fired').toBe(false);
    expect(await Promise.all([due, later, cancelled, moved].map(desk.fired))).toEqual([1, 0, 0, 0]);
    desk.clock.advance('1m');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 2, failed: 0 });
    expect(await Promise.all([due, later, cancelled, moved, movedTo].map(desk.fired))).toEqual([1, 1, 0, 0, 1]);
    const [row] = await store.audit.list({ aggregateId: due, limit: 1 });
    expect(row).toMatchObject({ actor: 'system:test', eventType: 'timer.fired', command: 'timers.fire' });
  });

  it('is set and cancelled with its cause, or not at all', async () => {
    const desk = deskOf(store);
    const kept = await desk.set('b/kept', 1_000);
    const event = { type: 'timer.fired', aggregate: { kind: 'thing', id: kept, version: 1 }, data: null };
    const failing = desk.run(async (unit) => {
      await desk.timers.set(unit, [{ key: 'b/never', dueAt: start, event, actor: systemActor('test') }]);
      await desk.timers.cancel(unit, ['b/kept']);
      throw new RangeError('the command fails');
    });
    await expect(failing).rejects.toThrow('the command fails');
    desk.clock.advance('1s');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 1, failed: 0 });
    expect(await desk.fired(kept)).toBe(1);
  });

  it('fires nothing twice and loses nothing when the clock is set back or forward', async () => {
    const [fast, desk] = [deskOf(store), deskOf(store)];
    const [soon, tomorrow, nextWeek] = [
      await desk.set('c/soon', 60_000),
      await desk.set('c/tomorrow', 86_000_000),
      await desk.set('c/next-week', 7 * 86_400_000),
    ];
    fast.clock.advance('1d');
    expect(await fast.clockwork.fireDue(), 'what is due by that clock').toEqual({ fired: 2, failed: 0 });
    expect(await desk.clockwork.fireDue(), 'set back by a day').toEqual({ fired: 0, failed: 0 });
    desk.clock.advance('36h');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 0, failed: 0 });
    desk.clock.advance('6d');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 1, failed: 0 });
    expect(await Promise.all([soon, tomorrow, nextWeek].map(desk.fired))).toEqual([1, 1, 1]);
  });

  it('shares what is overdue among processes, the longest due first, and fires each timer once', async () => {
    const other = await anotherHandle(store);
    const [desk, second] = [deskOf(store), deskOf(other)];
    const about: string[] = [];
    const drafts = Array.from({ length: 1_300 }, (_, at) => {
      const id = ids.next<'thing'>();
      about.push(id);
      const event = { type: 'timer.fired', aggregate: { kind: 'thing', id, version: 1 }, data: null };
      const dueAt = new Date(Date.parse(start) - 1_300 + at).toISOString();
      return { key: `d/${1_300 - at}`, dueAt, event, actor: systemActor('test') };
    });
    await desk.run((unit) => desk.timers.set(unit, drafts));
    expect(await desk.clockwork.fireDue({ limit: 3 })).toEqual({ fired: 3, failed: 0 });
    expect(await Promise.all(about.slice(0, 4).map(desk.fired))).toEqual([1, 1, 1, 0]);
    const rounds: number[] = [];
    const fireAll = async ({ clockwork }: typeof desk): Promise<void> => {
      for (let { fired } = await clockwork.fireDue(); fired > 0; { fired } = await clockwork.fireDue()) {
        rounds.push(fired);
      }
    };
    await Promise.all([fireAll(desk), fireAll(second)]);
    await fireAll(desk);
    expect(rounds.reduce((sum, fired) => sum + fired, 0)).toBe(1_297);
    expect(await Promise.all(about.slice(0, 40).map(desk.fired))).toEqual(Array.from({ length: 40 }, () => 1));
  });

  it('sets aside a timer that cannot fire, fires the others, and leaves it as stuck after eight tries', async () => {
    const desk = deskOf(store);
    const odd = await desk.set('e/odd', 0, 'timer.odd');
    const others = await Promise.all([1, 2, 3, 4].map((at) => desk.set(`e/${at}`, at)));
    desk.clock.advance('1s');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 4, failed: 1 });
    expect(await Promise.all(others.map(desk.fired))).toEqual([1, 1, 1, 1]);
    expect(await desk.clockwork.fireDue(), 'before its next try').toEqual({ fired: 0, failed: 0 });
    for (let tries = 2; tries <= 8; tries += 1) {
      desk.clock.advance('11m');
      expect(await desk.clockwork.fireDue()).toEqual({ fired: 0, failed: 1 });
    }
    expect(await store.timers.get(null, 'e/odd')).toMatchObject({ stuck: true, attempts: 8, lastError: 'INTERNAL' });
    desk.clock.advance('1d');
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 0, failed: 0 });
    const health = await desk.health();
    expect(health).toMatchObject({ ok: false, stuck: 1, due: 0 });
    expect(timersFinding(health)).toMatchObject({ ok: false, message: expect.stringContaining('1 stuck') });
    expect(await desk.fired(odd)).toBe(0);
    expect(await desk.cancel('e/odd'), 'a stuck timer was still to fire').toBe(true);
    expect(await desk.health()).toMatchObject({ ok: true, stuck: 0 });
  });

  it('counts no try while the store is away', async () => {
    const desk = deskOf(store);
    await desk.set('f/waits', 0, 'timer.odd');
    desk.choosy.error = new LmsError('STORE_UNAVAILABLE', { message: 'the server is down' });
    await expect(desk.clockwork.fireDue()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await store.timers.get(null, 'f/waits')).toMatchObject({ attempts: 0, lastError: null });
    desk.clock.advance('11m');
    expect(await desk.health()).toMatchObject({ ok: false, due: 1, overdueMillis: 660_000 });
    desk.choosy.error = null;
    expect(await desk.clockwork.fireDue()).toEqual({ fired: 1, failed: 0 });
  });
});
