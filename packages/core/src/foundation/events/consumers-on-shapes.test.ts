import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EventDesk, newEventDesk, promised } from '../../../test-support/event-desk.js';
import { allEngines, describeShapes } from '../../../test-support/shapes.js';
import { openStore } from '../../../test-support/store.js';
import type { Storage } from '../../storage/storage.js';
import type { FeedEvent } from './feed-event.js';

describeShapes((makeStorage, { anotherHandle }) => {
  let storage: Storage;
  let desk: EventDesk;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await newEventDesk(storage);
  });
  afterAll(() => desk.lms.close());

  it('delivers what happens from now on, once and in order, and goes on where it was in another process', async () => {
    await desk.busyLead();
    const seen: FeedEvent[] = [];
    const types = ['lead.*'];
    const consumer = await desk.lms.events.consume('crm', async (event) => seen.push(event), { types });
    const first = await desk.busyLead();
    expect((await desk.lms.tick()).events).toEqual({ handled: 3, failed: 0 });
    expect(seen.map(({ type, aggregate }) => [type, aggregate.id, aggregate.version])).toEqual([
      ['lead.created', first, 1],
      ['lead.updated', first, 2],
      ['lead.updated', first, 3],
    ]);
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    await consumer.stop();

    const second = await desk.busyLead(1);
    const other = await openStore(await anotherHandle(storage));
    const there: FeedEvent[] = [];
    await other.lms.events.consume('crm', async (event) => there.push(event), { types, from: 'beginning' });
    await other.lms.tick();
    expect(there.map(({ aggregate }) => aggregate.id)).toEqual([second, second]);
    expect(await desk.stateOf('crm')).toMatchObject({ status: 'running', lag: 0, behindMillis: 0, held: false });
    await other.lms.close();
  });

  it('is in the hands of one process at a time, and in another once the lease of one that died has ended', async () => {
    const other = await openStore(await anotherHandle(storage), new Date(desk.clock.now()).toISOString());
    const seen: string[] = [];
    const inHand = promised();
    const finished = promised();
    const types = ['lead.created'];
    const here = await desk.lms.events.consume(
      'single',
      async ({ aggregate: { id } }) => {
        inHand.keep();
        await finished.kept;
        seen.push(`here ${id}`);
      },
      { types },
    );
    await other.lms.events.consume('single', async ({ aggregate: { id } }) => seen.push(`there ${id}`), { types });
    const id = await desk.busyLead(0);
    const tick = desk.lms.tick();
    await inHand.kept;
    expect((await other.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    expect(await desk.stateOf('single')).toMatchObject({ held: true });
    finished.keep();
    await tick;
    expect(seen).toEqual([`here ${id}`]);
    await here.stop();

    // A process that died while it had the consumer.
    await storage.unitOfWork.run('ledger', async (unit) => {
      const found = await storage.eventConsumers.get(unit, 'single');
      if (found === null) throw new Error('the consumer is gone');
      const leaseUntil = new Date(desk.clock.now() + 30_000).toISOString();
      const held = { ...found, holder: 'dead', leaseUntil, fence: found.fence + 1 };
      expect(await storage.eventConsumers.save(unit, held, found.fence)).toBe(true);
    });
    const next = await desk.busyLead(0);
    expect((await other.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    other.clock.advance('31s');
    expect((await other.lms.tick()).events).toEqual({ handled: 1, failed: 0 });
    expect(seen.at(-1)).toBe(`there ${next}`);
    await other.lms.close();
  });

  it('writes no checkpoint once somebody else has changed the consumer', async () => {
    const seen: number[] = [];
    const consumer = await desk.lms.events.consume(
      'moved',
      async ({ aggregate: { version } }) => {
        seen.push(version);
        if (seen.length === 2) await desk.admin.events.pause('moved');
      },
      { types: ['lead.*'] },
    );
    await desk.busyLead(2);
    await desk.lms.tick();
    const paused = await desk.stateOf('moved');
    expect(paused).toMatchObject({ status: 'paused' });
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    expect((await desk.lms.health()).consumers.consumers.find(({ name }) => name === 'moved')?.lag).toBeGreaterThan(0);
    await desk.admin.events.resume('moved');
    await desk.lms.tick();
    expect(seen.slice(-3), 'at least once').toEqual([1, 2, 3]);
    await consumer.stop();
  });
}, allEngines);
