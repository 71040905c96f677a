import type { CheckedConsumer } from './foundation/events/index.js';
import type { JobHandler } from './foundation/jobs/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';

/** A handler whose tries are told of by the kind of its jobs. */
export function watchedHandler(handler: JobHandler, telemetry: Telemetry | null): JobHandler {
  if (telemetry === null) return handler;
  return {
    ...handler,
    run: (context) =>
      telemetry.watch({ kind: 'job', name: handler.kind, attributes: { attempt: context.job.attempts } }, () =>
        handler.run(context),
      ),
  };
}

/** A consumer whose calls are told of by its name. */
export function watchedConsumer(consumer: CheckedConsumer, telemetry: Telemetry | null): CheckedConsumer {
  if (telemetry === null) return consumer;
  return {
    ...consumer,
    handle: (events, context) =>
      telemetry.watch({ kind: 'consumer', name: consumer.name, attributes: { events: events.length } }, () =>
        consumer.handle(events, context),
      ),
  };
}

/** The same for consumers by name. */
export function watchedConsumers(
  consumers: ReadonlyMap<string, CheckedConsumer>,
  telemetry: Telemetry | null,
): Map<string, CheckedConsumer> {
  return new Map([...consumers].map(([name, consumer]) => [name, watchedConsumer(consumer, telemetry)]));
}
