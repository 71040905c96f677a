import {
  type BatchHandler,
  type Consumer,
  type ConsumerOptions,
  checkedConsumer,
  type EventHandler,
} from './foundation/events/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';
import type { Services } from './services.js';
import { watchedConsumer } from './watched-work.js';

/** A consumer of this process. */
export interface ConsumerHandle {
  readonly name: string;
  /** Takes it from this process once its handler has ended. The store keeps how far it is. */
  stop(): Promise<void>;
}

/** Consumers of what happens. They get events while `lms.worker` runs, and in each `lms.tick()`. */
export interface LmsEvents {
  /**
   * Tells a handler of every event from now on, or from where the consumer of that name was: durable, at least once, in order per
   * aggregate. An event is delivered again until its handler resolves; those after it wait. Processes with the same name share one
   * consumer, which one of them has at a time.
   * @throws LmsError `CONFIG_INVALID` when this process has one of that name, `INPUT_INVALID`, `STORE_*`
   */
  consume(name: string, handler: EventHandler, options?: ConsumerOptions): Promise<ConsumerHandle>;
  /** The same with several events a call, at most `batchSize` (100 when absent); a batch that fails is handled event by event. */
  consumeBatches(
    name: string,
    handler: BatchHandler,
    options?: ConsumerOptions & { readonly batchSize?: number },
  ): Promise<ConsumerHandle>;
}

export function lmsEvents(load: () => Promise<Services>, telemetry: Telemetry | null): LmsEvents {
  const add = async (consumer: Consumer): Promise<ConsumerHandle> => {
    const checked = checkedConsumer(consumer);
    const { eventWorker } = await load();
    await eventWorker.add(watchedConsumer(checked, telemetry));
    return { name: checked.name, stop: () => eventWorker.remove(checked.name) };
  };
  return {
    consume: (name, handle, options = {}) => add({ ...options, name, handle }),
    consumeBatches: (name, handleBatch, options = {}) => add({ ...options, name, handleBatch }),
  };
}
