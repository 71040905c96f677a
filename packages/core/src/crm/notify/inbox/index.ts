export { cursorOf, placeOf } from './inbox-cursor.js';
export { InboxEventReaders } from './inbox-event-readers.js';
export type { InboxListQuery } from './inbox-input.js';
export { type InboxNotice, type InboxPage, InboxService, type InboxWords, type UnreadCount } from './inbox-service.js';
export type { InboxDetails, InboxStore, NewInboxNotice, StoredInboxNotice } from './inbox-store.js';
