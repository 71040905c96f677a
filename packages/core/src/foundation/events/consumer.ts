import { z } from 'zod';
import { checkInput, LmsError } from '../kernel/index.js';
import { eventTypesShape } from './event-types.js';
import type { FeedEvent } from './feed-event.js';

/** What a handler is told besides its events. */
export interface ConsumerContext {
  /** Name of the consumer. */
  readonly consumer: string;
  /** Tries of this event that failed before; 0 at first. */
  readonly attempts: number;
  /**
   * Aborted when the handler has taken too long, when another process has the consumer by now, or when this one ends and waits no longer:
   * what it does after that is done again.
   */
  readonly signal: AbortSignal;
}

/** Where a consumer begins that the store does not know yet: after everything so far, before everything, or after a position. */
export type ConsumerStart = 'now' | 'beginning' | number;

export interface ConsumerOptions {
  /** `lead.created`, `lead.*`; everything when absent. */
  readonly types?: readonly string[];
  /** `now` when absent. A consumer that the store knows goes on where it was. */
  readonly from?: ConsumerStart;
  /** How long a handler may take, in milliseconds; 60,000 when absent. */
  readonly timeoutMillis?: number;
  /** After so many tries of one event that failed it stops, until somebody looks; when absent it never stops trying. */
  readonly maxAttempts?: number;
}

/** Handles one event. Resolves when its effect is there to stay: after that it is not delivered again. */
export type EventHandler = (event: FeedEvent, context: ConsumerContext) => Promise<unknown>;

/** Handles events in their order, all or none. */
export type BatchHandler = (events: readonly FeedEvent[], context: ConsumerContext) => Promise<unknown>;

/** Somebody who is told of what happens, by a name under which the store remembers how far it is. */
export type Consumer = ConsumerOptions & {
  /** Lower-case letters, digits, `.`, `_` and `-`, at most 64. Processes with the same name are one consumer. */
  readonly name: string;
} & (
    | { readonly handle: EventHandler }
    | {
        readonly handleBatch: BatchHandler;
        /** Events of one call at most, 1 to 500; 100 when absent. */
        readonly batchSize?: number;
      }
  );

/** A consumer whose definition was checked. */
export interface CheckedConsumer {
  readonly name: string;
  readonly types: readonly string[] | null;
  readonly from: ConsumerStart;
  readonly timeoutMillis: number;
  /** null for no end. */
  readonly maxAttempts: number | null;
  readonly batchSize: number;
  readonly handle: BatchHandler;
}

const defaults = { timeoutMillis: 60_000, batchSize: 100 };
const whole = z.int().min(1);

const consumerNameShape: z.ZodType<string> = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: 'expected a name such as my-crm' });
export const consumerStartShape: z.ZodType<ConsumerStart> = z.union([z.enum(['now', 'beginning']), z.int().min(0)]);

const optionsShape = z.object({
  name: consumerNameShape,
  types: eventTypesShape.exactOptional(),
  from: consumerStartShape.exactOptional(),
  timeoutMillis: whole.max(3_600_000).exactOptional(),
  maxAttempts: whole.exactOptional(),
  batchSize: whole.max(500).exactOptional(),
});

/** @throws LmsError `INPUT_INVALID` */
export function checkedConsumer(consumer: Consumer): CheckedConsumer {
  const checked = checkInput(optionsShape, consumer, 'the consumer cannot be registered');
  const { name, types = null, from = 'now', timeoutMillis = defaults.timeoutMillis, maxAttempts = null } = checked;
  const common = { name, types, from, timeoutMillis, maxAttempts };
  if ('handleBatch' in consumer) {
    const { handleBatch } = consumer;
    requireFunction('handleBatch', handleBatch);
    return {
      ...common,
      batchSize: checked.batchSize ?? defaults.batchSize,
      handle: (events, context) => handleBatch(events, context),
    };
  }
  const { handle } = consumer;
  requireFunction('handle', handle);
  return {
    ...common,
    batchSize: 1,
    async handle(events, context) {
      for (const event of events) await handle(event, context);
    },
  };
}

/** Callers may have no types. */
function requireFunction(path: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new LmsError('INPUT_INVALID', { message: `the consumer cannot be registered: ${path} is no function`, path });
}

/** Consumers by name. @throws LmsError `CONFIG_INVALID` when two have one name, `INPUT_INVALID` */
export function consumersByName(consumers: readonly Consumer[]): Map<string, CheckedConsumer> {
  const byName = new Map<string, CheckedConsumer>();
  for (const consumer of consumers.map(checkedConsumer)) {
    if (byName.has(consumer.name)) {
      throw new LmsError('CONFIG_INVALID', {
        message: `two consumers are called ${consumer.name}; what is told to one would not be told to the other`,
        path: 'consumers',
      });
    }
    byName.set(consumer.name, consumer);
  }
  return byName;
}
