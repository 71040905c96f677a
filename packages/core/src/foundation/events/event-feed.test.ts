import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';
import type { Storage } from '../../storage/storage.js';
import { EventFeed } from './event-feed.js';
import type { FeedEvent } from './feed-event.js';

describeShapes((makeStorage) => {
  let storage: Storage;
  let desk: TestStore;
  let feed: EventFeed;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await newStore(storage);
    feed = new EventFeed(storage);
  });
  afterAll(() => desk.lms.close());

  async function all(query: Partial<Parameters<EventFeed['page']>[0]> = {}): Promise<readonly FeedEvent[]> {
    const events: FeedEvent[] = [];
    for (let after = query.after ?? 0; ; ) {
      const page = await feed.page({ limit: 3, ...query, after });
      events.push(...page.events);
      if (page.next === page.head) return events;
      after = page.next;
    }
  }

  it('gives what happened once it is sealed, each event once, in order, without personal data', async () => {
    const { admin, lms } = desk;
    const { id } = await admin.leads.create(loanLead({ fullName: 'Farah Iyer' }));
    for (const city of ['Goa', 'Wai', 'Pune']) await admin.leads.update(id, { fields: { city } });
    await lms.settle();
    expect(
      (await all()).some(({ aggregate }) => aggregate.id === id),
      'before it is sealed',
    ).toBe(false);
    await lms.tick();
    const events = await all();
    expect(events.map(({ position }) => position)).toEqual(events.map((_, at) => at + 1));
    const ofLead = events.filter(({ aggregate }) => aggregate.id === id && aggregate.kind === 'lead');
    expect(ofLead.map(({ type, aggregate }) => [type, aggregate.version])).toEqual([
      ['lead.created', 1],
      ['lead.updated', 2],
      ['lead.updated', 3],
      ['lead.updated', 4],
    ]);
    expect(ofLead[0]).toMatchObject({ actor: 'user:root', command: 'leads.create', typeVersion: 1 });
    expect(JSON.stringify(events)).not.toContain('Farah');
  });

  it('goes on telling of a lead that was erased, and gives nothing of it away', async () => {
    const { admin, lms } = desk;
    const person = { fullName: 'Kavita Deshpande', city: 'Kolhapur' };
    const { id } = await admin.leads.create(loanLead(person));
    await admin.leads.update(id, { fields: { fullName: 'Kavita Joshi' } });
    await lms.settle();
    await admin.leads.erase(id, { reason: 'person-asked' });
    await lms.settle();
    await lms.tick();
    const events = await all({ aggregateIds: [id], types: ['lead.*'] });
    expect(events.map(({ type }) => type)).toEqual(['lead.created', 'lead.updated', 'lead.erased']);
    expect(JSON.stringify(events)).not.toMatch(/Kavita|Deshpande|Joshi/);
  });

  it('leaves out what is not asked for, and says how far it looked', async () => {
    const { admin, lms } = desk;
    const { id } = await admin.leads.create(loanLead());
    await admin.timers.set({ key: 'a', dueAt: '2026-01-01T00:00:00.000Z' });
    await lms.settle();
    await lms.tick();
    const after = (await feed.head()) - 1;
    const nothing = await feed.page({ after, types: ['user.*'], limit: 10 });
    expect(nothing).toEqual({ events: [], next: after + 1, head: after + 1 });
    expect((await all({ types: ['timer.fired'] })).map(({ type }) => type)).toEqual(['timer.fired']);
    expect((await all({ types: ['lead.created'], aggregateIds: [id] })).map(({ aggregate }) => aggregate.id)).toEqual([
      id,
    ]);
    const end = await feed.page({ after: after + 1, limit: 10 });
    expect(end).toEqual({ events: [], next: after + 1, head: after + 1 });
  });
});
