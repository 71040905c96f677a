import type { ActorServices, Lms } from '../../src/index.js';

const name = 'statements';

/** What consumers and who looks on send. */
export async function useEvents(lms: Lms, { events }: ActorServices): Promise<void> {
  const types = ['lead.created', 'user.*'];
  const failing = async (): Promise<never> => {
    throw new RangeError('on purpose');
  };
  const consumer = await lms.events.consume(name, failing, { from: 'beginning', types });
  await lms.tick();
  await events.consumers();
  await events.consumers({ after: 'a', limit: 10 });
  await events.skip(name);
  await events.pause(name);
  await events.resume(name);
  await events.replay(name, { from: 'now' });
  await events.retry(name);
  await consumer.stop();
  const batches = await lms.events.consumeBatches(name, async () => undefined);
  await batches.stop();
  await events.forget(name);
  for await (const _item of events.watch({ from: 'beginning', types, follow: false }));
  const leads = ['019c5f00-0000-7000-8000-000000000001'];
  for await (const _item of events.watch({ from: 'beginning', leads, follow: false }));
}
