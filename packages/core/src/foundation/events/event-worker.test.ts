import { afterEach, beforeEach, expect, it } from 'vitest';
import { breaking } from '../../../test-support/broken-storages/breaking.js';
import { newEventDesk, promised } from '../../../test-support/event-desk.js';
import { makePlace, type StorePlace } from '../../../test-support/shapes.js';
import { sampleSource } from '../../conformance/run-conformance.js';
import type { ConsumerHandle } from '../../lms-events.js';
import { LmsError } from '../kernel/index.js';

const patience = { timeout: 20_000, interval: 20 };
const types = ['lead.*'];
const away = new LmsError('STORE_UNAVAILABLE', { message: 'planned' });

let place: StorePlace;
beforeEach(async () => {
  place = await makePlace('sqlite');
});
afterEach(() => place.remove());

it('knows the consumers of its options once it has started, so that they are told of whatever happens then', async () => {
  const told: string[] = [];
  const consumers = [
    {
      name: 'crm',
      types: ['lead.created'],
      handle: async ({ aggregate }: { aggregate: { id: string } }) => told.push(aggregate.id),
    },
  ];
  const desk = await newEventDesk(place.handle(), { consumers });
  await using lms = desk.lms;
  await lms.worker.start();
  expect(await desk.stateOf('crm')).toMatchObject({ status: 'running' });
  const id = await desk.busyLead(0);
  await expect.poll(() => told, patience).toEqual([id]);
});

it('waits for the handler that a tick runs, when its consumer is stopped', async () => {
  const desk = await newEventDesk(place.handle());
  await using lms = desk.lms;
  const inHand = promised();
  const finished = promised();
  const ended: string[] = [];
  const handle = async (): Promise<void> => {
    inHand.keep();
    await finished.kept;
    ended.push('handler');
  };
  const consumer = await lms.events.consume('crm', handle, { types });
  await desk.busyLead(0);
  const tick = lms.tick();
  await inHand.kept;
  const stopped = consumer.stop().then(() => ended.push('stop'));
  finished.keep();
  await Promise.all([tick, stopped]);
  expect(ended).toEqual(['handler', 'stop']);
});

it('ends a tick when no handler runs any more, also where the store refuses one of the consumers', async () => {
  const refusing = breaking('eventConsumers', (real) => ({
    save: async (unit, consumer, fence) => {
      if (consumer.name === 'refused') throw away;
      return real.save(unit, consumer, fence);
    },
  }));
  const desk = await newEventDesk(refusing(place.handle()));
  await using lms = desk.lms;
  const refused = promised();
  let done = 0;
  await lms.events.consume('refused', async () => undefined, { types });
  const slow = async (): Promise<void> => {
    await refused.kept;
    await new Promise((resolve) => setTimeout(resolve, 20));
    done += 1;
  };
  await lms.events.consume('slow', slow, { types });
  await desk.busyLead(0);
  setTimeout(refused.keep, 20);
  await expect(lms.tick()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(done).toBe(1);
});

it('feeds a consumer that comes after five hundred others, and health sees the one that stopped', async () => {
  const storage = place.handle();
  const desk = await newEventDesk(storage);
  await using lms = desk.lms;
  const broken = async (): Promise<never> => {
    throw new RangeError('never');
  };
  const consumer = await lms.events.consume('zz-last', broken, { types, maxAttempts: 1 });
  const known = await storage.eventConsumers.get(null, 'zz-last');
  if (known === null) throw new Error('it is not known');
  const { ids } = sampleSource();
  await storage.unitOfWork.run('ledger', async (unit) => {
    for (let at = 0; at < 500; at += 1) {
      const name = `other-${String(at).padStart(3, '0')}`;
      await storage.eventConsumers.insert(unit, { ...known, name, id: ids.next<'consumer'>(), status: 'paused' });
    }
  });
  await desk.busyLead(0);
  expect((await lms.tick()).events).toEqual({ handled: 0, failed: 1 });
  await consumer.stop();
  const { consumers } = await lms.health();
  expect(consumers.ok).toBe(false);
  expect(consumers.consumers).toHaveLength(100);
  expect(consumers.consumers[0]).toMatchObject({ name: 'zz-last', status: 'stopped' });
});

it('tells what a handler threw to whoever listens in this process, and the store its code alone', async () => {
  const heard: unknown[] = [];
  const onError = (
    error: unknown,
    { consumer, events }: { consumer: string; events: readonly { type: string }[] },
  ): never => {
    heard.push([String(error), consumer, events.map(({ type }) => type)]);
    throw new Error('what it throws itself is ignored');
  };
  const desk = await newEventDesk(place.handle(), { events: { onError } });
  await using lms = desk.lms;
  const broken = async (): Promise<never> => {
    throw new TypeError('no such customer');
  };
  await lms.events.consumeBatches('crm', broken, { types });
  await desk.busyLead(1);
  expect((await lms.tick()).events).toEqual({ handled: 0, failed: 1 });
  const what = 'TypeError: no such customer';
  expect(heard).toEqual([
    [what, 'crm', ['lead.created', 'lead.updated']],
    [what, 'crm', ['lead.created']],
  ]);
  expect(await desk.stateOf('crm')).toMatchObject({ lastError: 'INTERNAL' });
});

it('begins with no single event of a batch that failed, when its consumer was stopped meanwhile', async () => {
  const desk = await newEventDesk(place.handle());
  await using lms = desk.lms;
  const sizes: number[] = [];
  let stopped: Promise<void> = Promise.resolve();
  const consumer: ConsumerHandle = await lms.events.consumeBatches(
    'crm',
    async (events) => {
      sizes.push(events.length);
      stopped = consumer.stop();
      throw new Error('too much at once');
    },
    { types },
  );
  await desk.busyLead(1);
  expect((await lms.tick()).events).toEqual({ handled: 0, failed: 0 });
  await stopped;
  expect(sizes).toEqual([2]);
  expect(await desk.stateOf('crm')).toMatchObject({ attempts: 0, held: false });
});

it('says in the report of the worker what the store refuses it, for as long as it does', async () => {
  let isAway = false;
  const failing = breaking('eventConsumers', (real) => ({
    list: async (query) => {
      if (isAway) throw away;
      return real.list(query);
    },
  }));
  const desk = await newEventDesk(failing(place.handle()), { events: { pollMillis: 10 } });
  await using lms = desk.lms;
  await lms.events.consume('crm', async () => undefined);
  await lms.worker.start();
  isAway = true;
  await expect.poll(() => lms.worker.report().lastError, patience).toBe('STORE_UNAVAILABLE');
  isAway = false;
  await expect.poll(() => lms.worker.report().lastError, patience).toBeNull();
});
