import { beforeAll, expect, it } from 'vitest';
import { ids } from '../../../../test-support/assignment-desk.js';
import { describeShapes } from '../../../../test-support/shapes.js';
import type { Storage } from '../../../storage/storage.js';
import { TestClock } from '../../../testing/index.js';
import { auditProjection } from '../../audit/index.js';
import { WorkingCalendars } from '../../calendars/index.js';
import { systemActor, type WorkingHours } from '../../kernel/index.js';
import { Dispatcher } from '../dispatcher.js';
import { TimerClockwork } from './timer-clockwork.js';
import { TimerRecounter } from './timer-recounter.js';
import { Timers } from './timers.js';
import { timersBehind } from './timers-behind.js';

/** Ten in the morning in India. */
const start = '2026-01-15T04:30:00.000Z';

function everyDay(opens: string): WorkingHours {
  const day = [[opens, '18:30']] as const;
  return { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
}

/** The calendars and timers of one process. */
function deskOf(store: Storage) {
  const clock = new TestClock(start);
  const projections = [auditProjection(store.audit)];
  const dispatcher = new Dispatcher({ unitOfWork: store.unitOfWork, outbox: store.outbox, projections, clock, ids });
  const counting = new WorkingCalendars(store.calendars);
  const timers = new Timers({ timers: store.timers, counting, clock, ids });
  const firing = { timers: store.timers, counting, unitOfWork: dispatcher, events: dispatcher, clock };
  const clockwork = new TimerClockwork(firing);
  const counted = { timers: store.timers, calendars: store.calendars, counting, unitOfWork: store.unitOfWork };
  return {
    clock,
    recounter: new TimerRecounter(counted),
    fireDue: () => clockwork.fireDue(),
    async publish(slug: string, version: number, opens: string, timeZone = 'Asia/Kolkata'): Promise<void> {
      const body = { name: slug, timeZone, hours: everyDay(opens), holidays: [], specialDays: [] };
      const calendar = {
        id: ids.next<'calendar'>(),
        slug,
        version,
        body,
        publishedAt: start,
        publishedBy: 'user:root',
      } as const;
      await dispatcher.run('ledger', (unit) => store.calendars.insert(unit, calendar));
    },
    /** Sets timers for so many working minutes, from now on where nothing else is said. @returns the ids of what they are about */
    async set(
      calendar: string,
      keys: readonly string[],
      minutes: number,
      from: string = new Date(clock.now()).toISOString(),
    ): Promise<readonly string[]> {
      const working = { calendar, from, millis: minutes * 60_000 };
      const drafts = keys.map((key) => {
        const aggregate = { kind: 'thing', id: ids.next<'thing'>(), version: 1 };
        return { key, working, event: { type: 'timer.fired', aggregate, data: { key } }, actor: systemActor('test') };
      });
      await dispatcher.run('ledger', (unit) => timers.set(unit, drafts));
      return drafts.map(({ event }) => event.aggregate.id);
    },
    dueAt: async (key: string) => (await store.timers.get(null, key))?.dueAt,
    fired: async (id = ''): Promise<number> => (await store.audit.list({ aggregateId: id, limit: 5 })).length,
  };
}

describeShapes((makeStorage, { anotherHandle }) => {
  let store: Storage;
  beforeAll(async () => {
    store = await makeStorage();
  });

  it('moves every waiting timer once when its calendar is published again, however many processes are at it', async () => {
    const [desk, second] = [deskOf(store), deskOf(await anotherHandle(store))];
    await desk.publish('a-office', 1, '09:30');
    await desk.publish('a-shop', 1, '09:30');
    const keys = Array.from({ length: 1_200 }, (_, at) => `a/${at}`);
    await desk.set('a-office', keys, 60);
    await desk.set('a-shop', ['a/shop'], 60);
    expect(await desk.recounter.recount(), 'nothing was published again').toBe(0);

    await desk.publish('a-office', 2, '11:00');
    expect(await desk.recounter.recount({ limit: 5 })).toBe(5);
    const rounds = await Promise.all([desk, second].map(({ recounter }) => recounter.recount()));
    const rest = await desk.recounter.recount();
    expect(5 + rounds.reduce((sum, moved) => sum + moved, 0) + rest).toBe(1_200);
    expect(await desk.recounter.recount()).toBe(0);
    const moments = await Promise.all(keys.slice(0, 50).map(desk.dueAt));
    expect(new Set(moments)).toEqual(new Set(['2026-01-15T06:30:00.000Z']));
    expect(await desk.dueAt('a/shop')).toBe('2026-01-15T05:30:00.000Z');
    await store.unitOfWork.run('ledger', (unit) => store.timers.cancel(unit, [...keys, 'a/shop']));
  });

  it('fires by the newest version, though nobody has counted anew', async () => {
    const desk = deskOf(store);
    await desk.publish('b-office', 1, '09:30');
    const [id] = await desk.set('b-office', ['b/one'], 60);
    await desk.publish('b-office', 2, '11:00');
    desk.clock.advance('1h');
    expect(await desk.fireDue(), 'due by the version before').toEqual({ fired: 0, failed: 0 });
    expect(await desk.dueAt('b/one')).toBe('2026-01-15T06:30:00.000Z');
    desk.clock.advance('1h');
    expect(await desk.fireDue()).toEqual({ fired: 1, failed: 0 });
    await desk.publish('b-office', 3, '12:00');
    expect(await desk.recounter.recount(), 'what has fired stays so').toBe(0);
    desk.clock.advance('2d');
    expect(await desk.fireDue()).toEqual({ fired: 0, failed: 0 });
    expect(await desk.fired(id)).toBe(1);
  });

  it('fires at once what is overdue by the new version', async () => {
    const desk = deskOf(store);
    await desk.publish('c-office', 1, '12:00');
    const [id] = await desk.set('c-office', ['c/one'], 60);
    desk.clock.advance('90m');
    expect(await desk.fireDue()).toEqual({ fired: 0, failed: 0 });
    await desk.publish('c-office', 2, '09:30');
    expect(await desk.recounter.recount()).toBe(1);
    expect(await desk.fireDue()).toEqual({ fired: 1, failed: 0 });
    expect(await desk.fired(id)).toBe(1);
  });

  it('tries a timer that failed again no earlier than it is due by the new version, and not before its next try', async () => {
    const desk = deskOf(store);
    await desk.publish('d-office', 1, '09:30');
    const [id] = await desk.set('d-office', ['d/tried'], 60);
    const fireAt = '2026-01-15T05:40:00.000Z';
    const fail = async (): Promise<void> => {
      const tried = await store.timers.get(null, 'd/tried');
      if (tried === null) throw new Error('the timer is gone');
      const failed = { ...tried, fireAt, attempts: 1, lastError: 'INTERNAL', stuck: false };
      await store.unitOfWork.run('ledger', (unit) => store.timers.reschedule(unit, [failed]));
    };
    await fail();
    await desk.publish('d-office', 2, '10:15');
    expect(await desk.recounter.recount()).toBe(1);
    const due = '2026-01-15T05:45:00.000Z';
    expect(await store.timers.get(null, 'd/tried')).toMatchObject({ dueAt: due, fireAt: due, attempts: 1 });
    await desk.publish('d-office', 3, '09:30');
    await fail();
    expect(await desk.recounter.recount()).toBe(1);
    expect(await store.timers.get(null, 'd/tried')).toMatchObject({ dueAt: '2026-01-15T05:30:00.000Z', fireAt });

    await desk.publish('d-office', 4, '18:00');
    expect(await desk.recounter.recount()).toBe(1);
    // Whoever had it in hand when it was counted anew sets the time of its next try.
    await fail();
    desk.clock.advance('71m');
    expect(await desk.fireDue(), 'its next try is due, it is not').toEqual({ fired: 0, failed: 0 });
    expect(await desk.dueAt('d/tried')).toBe('2026-01-16T13:00:00.000Z');
    desk.clock.advance('1d');
    expect(await desk.fireDue()).toEqual({ fired: 0, failed: 0 });
    desk.clock.advance('8h');
    expect(await desk.fireDue()).toEqual({ fired: 1, failed: 0 });
    expect(await desk.fired(id)).toBe(1);
  });

  it('leaves a timer that would be twenty years off, or after the year 2200, to its moment, and counts the others', async () => {
    const desk = deskOf(store);
    for (const slug of ['e-far', 'e-late', 'e-near']) await desk.publish(slug, 1, '09:30');
    await desk.set('e-far', ['e/far'], 60 * 9 * 5_000);
    await desk.set('e-near', ['e/near'], 60);
    await desk.set('e-late', ['e/late'], 60 * 9 * 3, '2200-12-25T00:00:00.000Z');
    const keys = ['e/far', 'e/late', 'e/near'];
    const [far, late] = await Promise.all(keys.map(desk.dueAt));
    for (const slug of ['e-far', 'e-late']) await desk.publish(slug, 2, '18:00');
    await desk.publish('e-near', 2, '11:00');
    expect(await desk.recounter.recount()).toBe(3);
    expect(await Promise.all(keys.map(desk.dueAt))).toEqual([far, late, '2026-01-15T06:30:00.000Z']);
    expect(await desk.recounter.recount()).toBe(0);
    await store.unitOfWork.run('ledger', (unit) => store.timers.cancel(unit, keys));
  });

  it('counts the other calendars where this machine does not know the zone of one, and names that one', async () => {
    const desk = deskOf(store);
    for (const slug of ['f-mars', 'f-office']) await desk.publish(slug, 1, '09:30');
    await desk.set('f-mars', ['f/mars'], 60);
    await desk.set('f-office', ['f/office'], 60);
    await desk.publish('f-mars', 2, '11:00', 'Mars/Olympus');
    await desk.publish('f-office', 2, '11:00');
    expect(await timersBehind(store)).toBe(2);
    await expect(desk.recounter.recount()).rejects.toMatchObject({
      code: 'CALENDAR_INVALID',
      message: expect.stringContaining('f-mars'),
    });
    expect(await desk.dueAt('f/office')).toBe('2026-01-15T06:30:00.000Z');
    expect(await desk.dueAt('f/mars')).toBe('2026-01-15T05:30:00.000Z');
    expect(await timersBehind(store), 'health tells of what is left').toBe(1);
    await store.unitOfWork.run('ledger', (unit) => store.timers.cancel(unit, ['f/mars', 'f/office']));
    expect(await desk.recounter.recount(), 'nothing waits on the one that cannot be counted').toBe(0);
  });
});
