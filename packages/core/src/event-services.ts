import type { CommonParts } from './common-parts.js';
import { LeadEventReaders, LeadLookup } from './crm/leads/index.js';
import { InboxEventReaders } from './crm/notify/index.js';
import {
  type Consumer,
  type EventFeed,
  EventService,
  EventWatch,
  EventWorker,
  eventSettings,
} from './foundation/events/index.js';
import type { Telemetry } from './foundation/telemetry/index.js';
import type { LmsOptions } from './lms-options.js';
import { allConsumers } from './plugin.js';
import { watchedConsumers } from './watched-work.js';

export interface EventParts extends CommonParts {
  readonly feed: EventFeed;
  readonly telemetry: Telemetry | null;
  /** Of LMS itself. */
  readonly ownConsumers: readonly Consumer[];
  /** Gives what has just happened its place in the feed. */
  readonly seal: () => Promise<number>;
}

/** Consumers of events, and who looks on. */
export interface EventServices {
  readonly eventService: EventService;
  readonly eventWatch: EventWatch;
  readonly eventWorker: EventWorker;
}

/** @throws LmsError `CONFIG_INVALID`, `INPUT_INVALID` */
export function eventServices(options: LmsOptions, parts: EventParts): EventServices {
  const { access, feed, seal } = parts;
  const { leads, facts, eventConsumers } = options.storage;
  const { onError } = options.events ?? {};
  const common = { ...parts, consumers: eventConsumers };
  const readers = new InboxEventReaders(
    new LeadEventReaders({ access, lookup: new LeadLookup({ access, leads, facts }) }),
  );
  return {
    eventService: new EventService(common),
    eventWatch: new EventWatch({ feed, readers, seal }),
    eventWorker: new EventWorker(
      { ...common, ...(onError === undefined ? {} : { onError }) },
      eventSettings(options.events),
      watchedConsumers(
        allConsumers([...parts.ownConsumers, ...(options.consumers ?? [])], options.plugins ?? []),
        parts.telemetry,
      ),
    ),
  };
}
