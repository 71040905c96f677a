export { EventFeed, type EventFeedPorts, type FeedPage, type FeedQuery } from './event-feed.js';
export type { EventFeedStore, FeedWindow } from './event-feed-store.js';
export { type EventTypes, eventTypeShape, eventTypesShape } from './event-types.js';
export type { FeedEvent } from './feed-event.js';
