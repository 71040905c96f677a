import { afterAll, beforeAll, expect, it } from 'vitest';
import { callUntyped } from '../../../test-support/call-untyped.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { CalendarDefinition } from './calendar-input.js';

const workday = [['09:30', '18:30']] as const;
const office: CalendarDefinition = {
  slug: 'office',
  name: 'Head office',
  hours: { mon: workday, tue: workday, wed: workday, thu: workday, fri: workday, sat: [] },
  holidays: [{ date: '2026-08-15' }, { date: '2026-01-26', name: 'Republic Day' }],
  specialDays: [{ date: '2026-01-25', name: 'Stock-taking', hours: [['10:00', '12:00']] }],
};

describeShapes((makeStorage, { anotherHandle }) => {
  let desk: TestStore;
  let second: TestStore;
  beforeAll(async () => {
    const storage = await makeStorage();
    desk = await newStore(storage);
    second = await openStore(await anotherHandle(storage));
  });
  afterAll(async () => {
    await second.lms.close();
    await desk.lms.close();
  });

  it('publishes versions that never change, and none that reads as the newest', async () => {
    const { calendars } = desk.admin;
    const first = await calendars.publish(office, { expectedVersion: 0 });
    expect(first).toMatchObject({ slug: 'office', version: 1, timeZone: 'Asia/Kolkata', publishedBy: 'user:root' });
    expect(first.holidays).toEqual([
      { date: '2026-01-26', name: 'Republic Day' },
      { date: '2026-08-15', name: '' },
    ]);
    const { sat: _sat, ...open } = office.hours;
    const spelt = {
      ...office,
      timeZone: 'Asia/Kolkata',
      hours: open,
      holidays: [...(office.holidays ?? [])].reverse(),
    };
    expect(await calendars.publish(spelt, { expectedVersion: 0 }), 'the same, spelt otherwise').toEqual(first);
    const changed = await second.admin.calendars.publish({ ...office, timeZone: 'Europe/Berlin' });
    expect(changed).toMatchObject({ id: first.id, version: 2, timeZone: 'Europe/Berlin' });

    expect(await calendars.get('office')).toEqual(changed);
    expect(await calendars.get('office', 1)).toEqual(first);
    expect(await calendars.versions('office', { limit: 1 })).toEqual({ versions: [changed], next: 2 });
    expect(await calendars.versions('office', { before: 2 })).toEqual({ versions: [first], next: null });
    const { rows } = await desk.admin.audit.list({ aggregateId: first.id, limit: 5 });
    expect(rows.map((row) => `${row.eventType} ${row.aggregate.version} by ${row.actor}`).sort()).toEqual([
      'calendar.published 1 by user:root',
      'calendar.published 2 by user:root',
    ]);
  });

  it('lets one of many publish the version they all expect, and all of those who expect none', async () => {
    const named = (name: string): CalendarDefinition => ({ ...office, slug: 'many', name });
    const callers = [desk, second, desk, second];
    const expecting = await Promise.allSettled(
      callers.map(({ admin }, caller) => admin.calendars.publish(named(`A${caller}`), { expectedVersion: 0 })),
    );
    expect(expecting.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of expecting) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'CALENDAR_CONFLICT' });
    }
    await Promise.all(callers.map(({ admin }, caller) => admin.calendars.publish(named(`B${caller}`))));
    const { versions } = await desk.admin.calendars.versions('many');
    expect(versions.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    expect(new Set(versions.map(({ name }) => name)).size).toBe(5);
  });

  it('lists the newest of each by slug', async () => {
    const { calendars } = desk.admin;
    for (const slug of ['list-b', 'list-a']) await calendars.publish({ ...office, slug });
    const first = await calendars.list({ after: 'list', limit: 1 });
    expect([first.calendars.map(({ slug }) => slug), first.next]).toEqual([['list-a'], 'list-a']);
    const rest = await calendars.list({ after: 'list-a', limit: 1 });
    expect(rest.calendars.map(({ slug }) => slug)).toEqual(['list-b']);
  });

  it('counts by the newest version, from now on and from any time, across the days on which clocks change', async () => {
    const { calendars } = desk.admin;
    const nights = { ...office, holidays: [], specialDays: [], hours: { sat: [['22:00', '06:00']] } } as const;
    const due = async (timeZone: string, from: string) => {
      await calendars.publish({ ...nights, slug: 'default', timeZone });
      return (await calendars.due({ from, afterWorking: '5h' })).dueAt;
    };
    expect(await due('Asia/Kolkata', '2026-03-28T00:00:00.000Z')).toBe('2026-03-28T21:30:00.000Z');
    // Five hours from ten in the evening end at four where clocks go forward, at two where they go back.
    expect(await due('Europe/Berlin', '2026-03-28T00:00:00.000Z')).toBe('2026-03-29T02:00:00.000Z');
    expect(await due('Europe/Berlin', '2026-10-24T00:00:00.000Z')).toBe('2026-10-25T01:00:00.000Z');
    expect(await due('America/New_York', '2026-03-07T12:00:00.000Z')).toBe('2026-03-08T08:00:00.000Z');
    expect(await due('America/New_York', '2026-10-31T12:00:00.000Z')).toBe('2026-11-01T07:00:00.000Z');
    await calendars.publish({ ...office, slug: 'default' });
    const now = desk.clock.now();
    const answer = await calendars.due({ afterWorking: '90s' });
    expect(answer).toMatchObject({ calendar: 'default', version: 4, from: new Date(now).toISOString() });
    const friday = { from: '2026-01-23T12:30:00.000Z', to: '2026-01-27T05:00:00.000Z' };
    expect(await calendars.between(friday)).toMatchObject({ workingMillis: 3.5 * 3_600_000 });
  });

  it('refuses what cannot be a calendar, and names the place', async () => {
    const { calendars } = desk.admin;
    const refused = async (definition: object, code: string, path: string): Promise<void> => {
      const publish = callUntyped(calendars, 'publish', { ...office, slug: 'bad', ...definition });
      await expect(publish).rejects.toMatchObject({ code, ...(path === '' ? {} : { path }) });
    };
    await refused({ slug: 'Bad slug' }, 'INPUT_INVALID', 'slug');
    await refused({ hours: { mon: [['9:30', '18:30']] } }, 'INPUT_INVALID', 'hours.mon.0.0');
    await refused({ hours: { monday: [] } }, 'INPUT_INVALID', 'hours');
    await refused({ holidays: [{ date: '2026-02-30' }] }, 'INPUT_INVALID', 'holidays.0.date');
    const twice = [{ date: '2026-01-26' }, { date: '2026-01-26' }];
    await refused({ holidays: twice }, 'INPUT_INVALID', 'holidays');
    await refused({ hours: {} }, 'CALENDAR_INVALID', '');
    await refused({ hours: { mon: [...workday, ['18:00', '19:00']] } }, 'CALENDAR_INVALID', '');
    await refused({ timeZone: 'Mars/Olympus' }, 'CALENDAR_INVALID', 'timeZone');
    await expect(calendars.get('bad')).rejects.toMatchObject({ code: 'CALENDAR_NOT_FOUND' });
    await expect(calendars.get('office', 9)).rejects.toMatchObject({ code: 'CALENDAR_NOT_FOUND' });
    await expect(calendars.due({ calendar: 'bad', afterWorking: '1h' })).rejects.toMatchObject({
      code: 'CALENDAR_NOT_FOUND',
    });
    await expect(calendars.due({ afterWorking: '3d' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(calendars.due({ afterWorking: '80000h' })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('is read by everybody and published by admins', async () => {
    const agent = await desk.user('ravi', ['agent']);
    expect((await agent.calendars.list({ limit: 1 })).calendars).toHaveLength(1);
    await expect(agent.calendars.publish(office)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const nobody = desk.lms.as({ kind: 'user', id: 'nobody' });
    await expect(nobody.calendars.list()).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
  });
});
