import { type Clock, type IdSource, instantNow, systemActor } from '../kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../persistence/index.js';
import type { CheckedConsumer } from './consumer.js';
import type { ConsumerStore, StoredConsumer } from './consumer-store.js';
import type { EventFeed } from './event-feed.js';

export interface RegisterConsumerPorts {
  readonly consumers: ConsumerStore;
  readonly feed: EventFeed;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  /** Gives what happened its positions. @returns how many */
  readonly seal: () => Promise<number>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

const mostSealedRounds = 100;

/**
 * Makes the store know a consumer that it does not know yet, and tells the trail; of several processes that do so at once one does.
 * @throws LmsError `STORE_*`
 */
export async function registerConsumer(ports: RegisterConsumerPorts, { name, from }: CheckedConsumer): Promise<void> {
  const { consumers, unitOfWork, events, ids, clock } = ports;
  if ((await consumers.get(null, name)) !== null) return;
  const position = await startOf(ports, from);
  await unitOfWork.run('ledger', async (unit) => {
    const now = instantNow(clock);
    const consumer: StoredConsumer = {
      name,
      id: ids.next<'consumer'>(),
      position,
      status: 'running',
      fence: 1,
      holder: null,
      leaseUntil: null,
      attempts: 0,
      retryAt: null,
      lastError: null,
      failedPosition: null,
      createdAt: now,
      updatedAt: now,
    };
    await consumers.insert(unit, consumer);
    const stored = await consumers.get(unit, name);
    if (stored?.id !== consumer.id) return;
    await events.record(unit, [
      {
        type: 'consumer.registered',
        typeVersion: 1,
        aggregate: { kind: 'consumer', id: consumer.id, version: consumer.fence },
        actor: systemActor('events'),
        command: 'events.consume',
        data: { name, position },
        sealed: null,
      },
    ]);
  });
}

async function startOf({ feed, seal }: RegisterConsumerPorts, from: CheckedConsumer['from']): Promise<number> {
  if (from === 'beginning') return 0;
  // What happened before now is to have its position.
  for (let round = 0; round < mostSealedRounds && (await seal()) > 0; round += 1);
  const head = await feed.head();
  return from === 'now' ? head : Math.min(from, head);
}
