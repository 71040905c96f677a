export {
  type BatchHandler,
  type CheckedConsumer,
  type Consumer,
  type ConsumerContext,
  type ConsumerOptions,
  type ConsumerStart,
  checkedConsumer,
  consumersByName,
  type EventHandler,
} from './consumer.js';
export { type ConsumerHealth, type ConsumerState, consumerHealth, consumersFinding } from './consumer-health.js';
export type { ConsumerRunReport } from './consumer-run.js';
export type { ConsumerQuery, ConsumerStatus, ConsumerStore, StoredConsumer } from './consumer-store.js';
export { EventFeed, type FeedPage, type FeedQuery } from './event-feed.js';
export type { EventFeedStore, FeedWindow } from './event-feed-store.js';
export { type ConsumerListQuery, type ConsumerPage, EventService, type ReplayRequest } from './event-service.js';
export { type ConsumerErrorListener, type EventSettings, eventSettings } from './event-settings.js';
export { type EventTypes, eventTypeShape } from './event-types.js';
export { type EventReaders, EventWatch, type WatchItem, type WatchOptions } from './event-watch.js';
export { type EventRoundOptions, EventWorker } from './event-worker.js';
export type { FeedEvent } from './feed-event.js';
export { registerConsumer } from './register-consumer.js';
