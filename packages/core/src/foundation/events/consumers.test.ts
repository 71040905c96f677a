import { afterAll, beforeAll, expect, it } from 'vitest';
import { callUntyped } from '../../../test-support/call-untyped.js';
import { type EventDesk, newEventDesk } from '../../../test-support/event-desk.js';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import type { FeedEvent } from './feed-event.js';

// What depends on the store is tried on every engine: consumers-on-shapes.test.ts.
const invalid = { code: 'INPUT_INVALID' };
let place: StorePlace;
let desk: EventDesk;
beforeAll(async () => {
  place = await makePlace('sqlite');
  desk = await newEventDesk(place.handle());
});
afterAll(async () => {
  await desk.lms.close();
  await place.remove();
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
  await desk.busyLead(3);
  expect((await desk.lms.tick()).events).toEqual({ handled: 1, failed: 1 });
  expect((await desk.lms.tick()).events, 'before its next try').toEqual({ handled: 0, failed: 0 });
  desk.clock.advance('1s');
  expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 1 });
  desk.clock.advance('1s');
  expect((await desk.lms.tick()).events, 'the second pause is longer').toEqual({ handled: 0, failed: 0 });
  const failing = await desk.stateOf('fussy');
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
  expect(await desk.stateOf('fussy')).toMatchObject({ attempts: 0, lastError: null, failedPosition: null, lag: 0 });
  await consumer.stop();
});

it('stops after as many tries as it may, until somebody retries it or passes over the event', async () => {
  const seen: number[] = [];
  const handler = async ({ aggregate: { version } }: FeedEvent): Promise<void> => {
    if (version > 1) throw new RangeError('never');
    seen.push(version);
  };
  const consumer = await desk.lms.events.consume('stops', handler, { types: ['lead.*'], maxAttempts: 1 });
  await desk.busyLead(2);
  expect((await desk.lms.tick()).events).toEqual({ handled: 1, failed: 1 });
  expect(await desk.stateOf('stops')).toMatchObject({ status: 'stopped', retryAt: null });
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
  expect(await desk.stateOf('stops')).toMatchObject({ status: 'running', lag: 0 });
  await expect(desk.admin.events.skip('stops')).rejects.toMatchObject({ code: 'CONSUMER_CONFLICT' });
  const { rows } = await desk.admin.audit.list({ eventType: 'consumer.skipped' });
  expect(rows).toHaveLength(2);
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
  await desk.busyLead(4);
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
  await desk.busyLead(0);
  expect((await desk.lms.tick()).events).toEqual({ handled: 0, failed: 1 });
  expect(aborted).toEqual([true]);
  expect(await desk.stateOf('slow')).toMatchObject({ lastError: 'CONSUMER_TIMEOUT', attempts: 1 });
  await consumer.stop();
  await desk.admin.events.forget('slow');
  expect(await desk.stateOf('slow')).toBeUndefined();
  await expect(desk.admin.events.forget('slow')).rejects.toMatchObject({ code: 'CONSUMER_NOT_FOUND' });
});

it('delivers again from a position or the beginning, and passes over everything up to now', async () => {
  let seen = 0;
  const consumer = await desk.lms.events.consume('again', async () => (seen += 1));
  await desk.busyLead(0);
  await desk.lms.tick();
  const once = seen;
  const { position } = await desk.admin.events.replay('again', { from: 'beginning' });
  expect(position).toBe(0);
  await desk.lms.tick();
  expect(seen).toBeGreaterThan(once * 2);
  await desk.admin.events.replay('again', { from: 3 });
  expect(await desk.stateOf('again')).toMatchObject({ position: 3 });
  const { position: end } = await desk.admin.events.replay('again', { from: 'now' });
  const before = seen;
  await desk.lms.tick();
  expect(seen - before, 'what was told of the replays since').toBeLessThan(10);
  await expect(desk.admin.events.replay('again', { from: end + 1_000 })).rejects.toMatchObject(invalid);
  await consumer.stop();
});

it('delivers again from its checkpoint, while a process has handled more than it has written down', async () => {
  const seen: number[] = [];
  let checkpoint = 0;
  const consumer = await desk.lms.events.consume(
    'ahead',
    async ({ aggregate: { version } }) => {
      seen.push(version);
      if (seen.length === 2) await desk.admin.events.replay('ahead', { from: checkpoint });
    },
    { types: ['lead.*'] },
  );
  checkpoint = (await desk.stateOf('ahead'))?.position ?? 0;
  await desk.busyLead(1);
  await desk.lms.tick();
  await desk.lms.tick();
  expect(seen).toEqual([1, 2, 1, 2]);
  await consumer.stop();
});

it('is told of in the trail with a version that grows, to its end', async () => {
  const consumer = await desk.lms.events.consume('brief', async () => undefined);
  await consumer.stop();
  await desk.admin.events.forget('brief');
  const { rows } = await desk.admin.audit.list({ aggregateKind: 'consumer', limit: 2 });
  expect(rows.map(({ eventType, aggregate: { version } }) => [eventType, version])).toEqual([
    ['consumer.forgotten', 2],
    ['consumer.registered', 1],
  ]);
  expect(rows[0]?.aggregate.id).toBe(rows[1]?.aggregate.id);
});

it('refuses two of one name in a process, names and types that are none, and whoever may not', async () => {
  const noop = async (): Promise<void> => undefined;
  const consumer = await desk.lms.events.consume('taken', noop);
  await expect(desk.lms.events.consume('taken', noop)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(desk.lms.events.consume('Not a name', noop)).rejects.toMatchObject(invalid);
  await expect(desk.lms.events.consume('other', noop, { types: ['lead'] })).rejects.toMatchObject(invalid);
  const untyped = (consumer: unknown): Promise<unknown> => callUntyped(desk.lms.events, 'consume', 'other', consumer);
  await expect(untyped({ handle: noop })).rejects.toMatchObject({ ...invalid, path: 'handle' });
  const agent = await desk.user('ravi', ['agent']);
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
  const id = await desk.busyLead(0);
  await expect.poll(() => seen.includes(id), { timeout: 15_000, interval: 20 }).toBe(true);
  await desk.lms.worker.stop();
  expect(await desk.stateOf('live')).toMatchObject({ held: false });
  await consumer.stop();
});
