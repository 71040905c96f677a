import { afterAll, beforeAll, expect, it } from 'vitest';
import { allEngines, describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../../../test-support/store.js';
import type { Storage } from '../../storage/storage.js';
import type { FeedEvent } from './feed-event.js';

const invalid = { code: 'INPUT_INVALID' };

describeShapes((makeStorage, { anotherHandle, shape }) => {
  let storage: Storage;
  let desk: TestStore;
  beforeAll(async () => {
    storage = await makeStorage();
    desk = await newStore(storage);
  });
  afterAll(() => desk.lms.close());

  /** A lead that was updated so many times. @returns its id */
  async function busyLead(updates = 2): Promise<string> {
    const { id } = await desk.admin.leads.create(loanLead());
    for (let at = 0; at < updates; at += 1) await desk.admin.leads.update(id, { fields: { city: `City ${at}` } });
    await desk.lms.settle();
    return id;
  }

  async function stateOf(name: string) {
    const { consumers } = await desk.admin.events.consumers();
    return consumers.find((consumer) => consumer.name === name);
  }

  it('delivers what happens from now on, once and in order, and goes on where it was in another process', async () => {
    await busyLead();
    const seen: FeedEvent[] = [];
    const types = ['lead.*'];
    const consumer = await desk.lms.events.consume('crm', async (event) => seen.push(event), { types });
    const first = await busyLead();
    expect((await desk.lms.tick()).events).toEqual({ handled: 3, failed: 0 });
    expect(seen.map(({ type, aggregate }) => [type, aggregate.id, aggregate.version])).toEqual([
      ['lead.created', first, 1],
      ['lead.updated', first, 2],
      ['lead.updated', first, 3],
    ]);
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    await consumer.stop();

    const second = await busyLead(1);
    const other = await openStore(await anotherHandle(storage));
    const there: FeedEvent[] = [];
    await other.lms.events.consume('crm', async (event) => there.push(event), { types, from: 'beginning' });
    await other.lms.tick();
    expect(there.map(({ aggregate }) => aggregate.id)).toEqual([second, second]);
    expect(await stateOf('crm')).toMatchObject({ status: 'running', lag: 0, behindMillis: 0, held: false });
    await other.lms.close();
  });

  it('waits at an event whose handler fails, tries it again after longer and longer pauses, and loses no order', async () => {
    const seen: number[] = [];
    let broken = true;
    const consumer = await desk.lms.events.consume(
      'fussy',
      async ({ aggregate: { version } }, { attempts }) => {
        if (version === 2 && broken) throw new TypeError(`cannot do it, try ${attempts}`);
        seen.push(version);
      },
      { types: ['lead.*'] },
    );
    await busyLead(3);
    expect((await desk.lms.tick()).events).toEqual({ handled: 1, failed: 1 });
    expect((await desk.lms.tick()).events, 'before its next try').toEqual({ handled: 0, failed: 0 });
    desk.clock.advance('1s');
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 1 });
    desk.clock.advance('1s');
    expect((await desk.lms.tick()).events, 'the second pause is longer').toEqual({ handled: 0, failed: 0 });
    const failing = await stateOf('fussy');
    expect(failing).toMatchObject({ status: 'running', attempts: 2, lastError: 'INTERNAL' });
    expect(failing?.failedPosition).toBeGreaterThan(failing?.position ?? 0);
    expect((await desk.lms.health()).consumers.ok).toBe(true);
    desk.clock.advance('11m');
    expect((await desk.lms.tick()).events.failed).toBe(1);
    expect((await desk.lms.health()).consumers.ok, 'ten minutes behind').toBe(false);
    broken = false;
    desk.clock.advance('5m');
    expect((await desk.lms.tick()).events).toEqual({ handled: 3, failed: 0 });
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(await stateOf('fussy')).toMatchObject({ attempts: 0, lastError: null, failedPosition: null, lag: 0 });
    await consumer.stop();
  });

  it('stops after as many tries as it may, until somebody retries it or passes over the event', async () => {
    const seen: number[] = [];
    const handler = async ({ aggregate: { version } }: FeedEvent): Promise<void> => {
      if (version > 1) throw new RangeError('never');
      seen.push(version);
    };
    const consumer = await desk.lms.events.consume('stops', handler, { types: ['lead.*'], maxAttempts: 1 });
    await busyLead(2);
    expect((await desk.lms.tick()).events).toEqual({ handled: 1, failed: 1 });
    expect(await stateOf('stops')).toMatchObject({ status: 'stopped', retryAt: null });
    expect((await desk.lms.health()).consumers).toMatchObject({ ok: false });
    const finding = (await desk.lms.check()).find(({ name }) => name === 'consumers');
    expect(finding).toMatchObject({ ok: false, message: expect.stringContaining('lms events skip stops') });
    desk.clock.advance('1d');
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    expect(await desk.admin.events.retry('stops')).toMatchObject({ status: 'running', attempts: 0 });
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 1 });
    for (const _ of [2, 3]) {
      await desk.admin.events.skip('stops');
      await desk.lms.tick();
    }
    expect(await stateOf('stops')).toMatchObject({ status: 'running', lag: 0 });
    await expect(desk.admin.events.skip('stops')).rejects.toMatchObject({ code: 'CONSUMER_CONFLICT' });
    const { rows } = await desk.admin.audit.list({ eventType: 'consumer.skipped' });
    expect(rows).toHaveLength(2);
    await consumer.stop();
  });

  it('is in the hands of one process at a time, and in another once the lease of one that died has ended', async () => {
    const other = await openStore(await anotherHandle(storage), new Date(desk.clock.now()).toISOString());
    const seen: string[] = [];
    let begun = (): void => undefined;
    const inHand = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const types = ['lead.created'];
    const here = await desk.lms.events.consume(
      'single',
      async ({ aggregate: { id } }) => {
        begun();
        await finished;
        seen.push(`here ${id}`);
      },
      { types },
    );
    await other.lms.events.consume('single', async ({ aggregate: { id } }) => seen.push(`there ${id}`), { types });
    const id = await busyLead(0);
    const tick = desk.lms.tick();
    await inHand;
    expect((await other.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    expect(await stateOf('single')).toMatchObject({ held: true });
    finish();
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
    const next = await busyLead(0);
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
    await busyLead(2);
    await desk.lms.tick();
    const paused = await stateOf('moved');
    expect(paused).toMatchObject({ status: 'paused' });
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 0 });
    expect((await desk.lms.health()).consumers.consumers.find(({ name }) => name === 'moved')?.lag).toBeGreaterThan(0);
    await desk.admin.events.resume('moved');
    await desk.lms.tick();
    expect(seen.slice(-3), 'at least once').toEqual([1, 2, 3]);
    await consumer.stop();
  });

  it('gives batches, and handles one that fails event by event', async () => {
    const batches: (readonly number[])[] = [];
    const consumer = await desk.lms.events.consumeBatches(
      'bulk',
      async (events) => {
        const versions = events.map(({ aggregate }) => aggregate.version);
        if (versions.length > 1 && versions.includes(3)) throw new Error('too much at once');
        batches.push(versions);
      },
      { types: ['lead.*'], batchSize: 2 },
    );
    await busyLead(4);
    expect((await desk.lms.tick()).events).toEqual({ handled: 5, failed: 0 });
    expect(batches).toEqual([[1, 2], [3], [4], [5]]);
    await consumer.stop();
  });

  it('waits for a handler only as long as it may, and tells it', async () => {
    const aborted: boolean[] = [];
    const consumer = await desk.lms.events.consume(
      'slow',
      (_event, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => aborted.push(true));
        }),
      { types: ['lead.*'], timeoutMillis: 20 },
    );
    await busyLead(0);
    expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 1 });
    expect(aborted).toEqual([true]);
    expect(await stateOf('slow')).toMatchObject({ lastError: 'CONSUMER_TIMEOUT', attempts: 1 });
    await consumer.stop();
    await desk.admin.events.forget('slow');
    expect(await stateOf('slow')).toBeUndefined();
    await expect(desk.admin.events.forget('slow')).rejects.toMatchObject({ code: 'CONSUMER_NOT_FOUND' });
  });

  it('delivers again from a position or the beginning, and passes over everything up to now', async () => {
    let seen = 0;
    const consumer = await desk.lms.events.consume('again', async () => (seen += 1));
    await busyLead(0);
    await desk.lms.tick();
    const once = seen;
    const { position } = await desk.admin.events.replay('again', { from: 'beginning' });
    expect(position).toBe(0);
    await desk.lms.tick();
    expect(seen).toBeGreaterThan(once * 2);
    await desk.admin.events.replay('again', { from: 3 });
    expect(await stateOf('again')).toMatchObject({ position: 3 });
    const { position: end } = await desk.admin.events.replay('again', { from: 'now' });
    const before = seen;
    await desk.lms.tick();
    expect(seen - before, 'what was told of the replays since').toBeLessThan(10);
    await expect(desk.admin.events.replay('again', { from: end + 1_000 })).rejects.toMatchObject(invalid);
    await consumer.stop();
  });

  it('refuses two of one name in a process, names and types that are none, and whoever may not', async () => {
    const noop = async (): Promise<void> => undefined;
    const consumer = await desk.lms.events.consume('taken', noop);
    await expect(desk.lms.events.consume('taken', noop)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(desk.lms.events.consume('Not a name', noop)).rejects.toMatchObject(invalid);
    await expect(desk.lms.events.consume('other', noop, { types: ['lead'] })).rejects.toMatchObject(invalid);
    const agent = await desk.user(`ravi-${shape}`, ['agent']);
    const denied = { code: 'PERMISSION_DENIED' };
    await expect(agent.events.consumers()).rejects.toMatchObject(denied);
    for (const name of ['pause', 'resume', 'retry', 'skip', 'forget'] as const) {
      await expect(agent.events[name]('taken')).rejects.toMatchObject(denied);
    }
    await expect(agent.events.replay('taken', { from: 'now' })).rejects.toMatchObject(denied);
    await expect(desk.admin.events.pause('nobody')).rejects.toMatchObject({ code: 'CONSUMER_NOT_FOUND' });
    await consumer.stop();
  });

  it('runs with the worker: what happens is handled soon after, and a stop waits for the handler', async () => {
    const seen: string[] = [];
    await desk.lms.worker.start();
    const consumer = await desk.lms.events.consume('live', async ({ aggregate: { id } }) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen.push(id);
    });
    const id = await busyLead(0);
    await expect.poll(() => seen.includes(id), { timeout: 15_000, interval: 20 }).toBe(true);
    await desk.lms.worker.stop();
    expect(await stateOf('live')).toMatchObject({ held: false });
    await consumer.stop();
  });
}, allEngines);
