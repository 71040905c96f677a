import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { Storage } from '../../storage/storage.js';
import type { WatchItem, WatchOptions } from './event-watch.js';

type Watcher = TestStore['admin'];

/** What a watch gives until there is nothing more. */
async function seenBy(watcher: Watcher, options: WatchOptions = {}): Promise<readonly WatchItem[]> {
  const items: WatchItem[] = [];
  for await (const item of watcher.events.watch({ from: 'beginning', ...options, follow: false })) items.push(item);
  return items;
}

function about(items: readonly WatchItem[]): readonly string[] {
  return [...new Set(items.flatMap((item) => (item.kind === 'event' ? [item.event.aggregate.id] : [])))];
}

describeShapes((makeStorage, { anotherHandle }) => {
  let storage: Storage;
  let desk: TestStore;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await newStore(storage);
  });
  afterAll(() => desk.lms.close());

  it('shows what happens in other processes, without a worker, until it is told to end', async () => {
    const other = await openStore(await anotherHandle(storage));
    const end = new AbortController();
    const items: WatchItem[] = [];
    const watching = (async () => {
      const { signal } = end;
      for await (const item of desk.admin.events.watch({ types: ['lead.created'], pollMillis: 10, signal })) {
        items.push(item);
        if (items.length === 2) end.abort();
      }
    })();
    // The watch begins with what happens after its first look.
    await expect
      .poll(
        async () => {
          await other.admin.leads.create(loanLead());
          await other.lms.settle();
          return items.length;
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThan(0);
    await other.admin.leads.create(loanLead());
    await other.lms.settle();
    await watching;
    expect(items.map((item) => item.kind === 'event' && item.event.type)).toEqual(['lead.created', 'lead.created']);
    expect(items[1]?.position).toBeGreaterThan(items[0]?.position ?? 0);
    await other.lms.close();
  });

  it('shows an agent the leads that it works, an auditor everything, and goes on after a position', async () => {
    const agent = await desk.user('ravi', ['agent']);
    const auditor = await desk.user('meera', ['auditor']);
    const own = await agent.leads.create(loanLead());
    const foreign = await desk.admin.leads.create(loanLead());
    const shared = await desk.admin.leads.create(loanLead());
    await desk.admin.leads.update(shared.id, { collaboratorIds: ['ravi'] });
    await desk.lms.settle();
    expect(about(await seenBy(agent))).toEqual([own.id, shared.id]);
    expect(about(await seenBy(agent, { leads: [foreign.id, own.id] }))).toEqual([own.id]);
    const all = await seenBy(auditor);
    expect(about(all)).toEqual(expect.arrayContaining([own.id, foreign.id, shared.id, 'ravi']));
    const third = all[2]?.position ?? 0;
    expect(await seenBy(auditor, { from: third })).toEqual(all.slice(3));
    await desk.admin.users.deactivate('ravi');
    await expect(seenBy(agent)).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
  });

  it('refuses filters that are none', async () => {
    const invalid = { code: 'INPUT_INVALID' };
    await expect(seenBy(desk.admin, { types: ['everything'] })).rejects.toMatchObject(invalid);
    await expect(seenBy(desk.admin, { leads: [] })).rejects.toMatchObject(invalid);
    await expect(seenBy(desk.admin, { from: -1 })).rejects.toMatchObject(invalid);
  });
});
