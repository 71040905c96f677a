import type { AccessService } from '../../../foundation/access/index.js';
import {
  type Actor,
  actorRef,
  type Clock,
  canonicalJson,
  checkInput,
  type IdSource,
  instantNow,
  isId,
  type Json,
  LmsError,
} from '../../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../../foundation/persistence/index.js';
import { cursorOf, placeOf } from '../inbox/index.js';
import { checkBook } from './check-book.js';
import { type NoticeBook, noticeBookShape } from './notice-book.js';
import type { NoticeSenders } from './notice-senders.js';
import { type NoticeTested, testNotice } from './notice-tester.js';
import { type Notification, notificationShown } from './notification.js';
import {
  type NoticeTest,
  type NotificationListQuery,
  notificationQueryShape,
  type PublishNoticesOptions,
  publishOptionsShape,
} from './notification-input.js';
import { notFound } from './notification-retry.js';
import type { NotificationStore } from './notification-store.js';

export interface NotificationServicePorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly notifications: NotificationStore;
  readonly senders: NoticeSenders;
  /** For what people consent, by slug. */
  readonly purposes: ReadonlySet<string>;
  /** Lets the store know that somebody is to be told of events from now on. */
  readonly register: () => Promise<void>;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The templates and rules that hold. */
export interface PublishedNotices extends NoticeBook {
  /** 0 before anything was published. */
  readonly version: number;
  readonly publishedAt: string | null;
  readonly publishedBy: string | null;
}

/** Notifications, the newest first. */
export interface NotificationPage {
  readonly notifications: readonly Notification[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

const defaultLimit = 50;
const mostCharacters = 1_000_000;

/** Looks after templates and rules, and what became of notifications. */
export class NotificationService {
  readonly #ports: NotificationServicePorts;

  constructor(ports: NotificationServicePorts) {
    this.#ports = ports;
  }

  /**
   * Publishes all templates and rules together: they hold for events from now on, those before them no more. What holds already is not
   * published again. Needs `notify.manage`; the trail tells of it. Of two callers at once the second gets `NOTICES_CONFLICT`, or replaces
   * what the first has published where it expects no version.
   * @throws LmsError `INPUT_INVALID` with everything that is wrong, `LIMIT_EXCEEDED`, `NOTICES_CONFLICT`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async publish(actor: Actor, given: NoticeBook, options: PublishNoticesOptions = {}): Promise<PublishedNotices> {
    const { access, notifications, purposes, register, unitOfWork, events, clock } = this.#ports;
    await access.require(actor, 'notify.manage');
    const book = checkInput(noticeBookShape, given, 'the notices cannot be published');
    const { expectedVersion } = checkInput(publishOptionsShape, options, 'the notices cannot be published');
    requireStorable(book);
    checkBook(book, purposes);
    await register();
    await unitOfWork.run('ledger', async (unit) => {
      const before = await notifications.book(unit, 'newest');
      const version = before?.version ?? 0;
      if (expectedVersion !== undefined && expectedVersion !== version) throw conflict(version);
      if (before !== null && textOf(before.book) === textOf(book)) return;
      const stored = { version: version + 1, book, publishedAt: instantNow(clock), publishedBy: actorRef(actor) };
      if (!(await notifications.insertBook(unit, stored))) throw conflict(version + 1);
      await events.record(unit, [
        {
          type: 'notices.published',
          typeVersion: 1,
          aggregate: { kind: 'notices', id: 'notices', version: stored.version },
          actor,
          command: 'notify.publish',
          data: { version: stored.version, templates: book.templates.length, rules: book.rules.length },
          sealed: null,
        },
      ]);
    });
    return this.#current();
  }

  /** What holds now. Needs `notify.read`. @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async book(actor: Actor): Promise<PublishedNotices> {
    await this.#ports.access.require(actor, 'notify.read');
    return this.#current();
  }

  /** Needs `notify.read`. @throws LmsError `INPUT_INVALID`, `CURSOR_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async list(actor: Actor, query: NotificationListQuery = {}): Promise<NotificationPage> {
    await this.#ports.access.require(actor, 'notify.read');
    const checked = checkInput(notificationQueryShape, query, 'notifications cannot be listed');
    const { after: cursor, limit = defaultLimit, ...filter } = checked;
    const after = cursor === undefined ? undefined : placeOf(cursor);
    if (after === null) throw new LmsError('CURSOR_INVALID', { message: 'the cursor is none of this list' });
    const found = await this.#ports.notifications.list({
      ...filter,
      limit: limit + 1,
      ...(after === undefined ? {} : { after }),
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      notifications: page.map(notificationShown),
      next: found.length > limit && last !== undefined ? cursorOf(last) : null,
    };
  }

  /** Needs `notify.read`. @throws LmsError `NOTIFICATION_NOT_FOUND`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async get(actor: Actor, id: string): Promise<Notification> {
    await this.#ports.access.require(actor, 'notify.read');
    const found = isId(id) ? await this.#ports.notifications.get(null, id) : null;
    if (found === null) throw notFound(id);
    return notificationShown(found);
  }

  /**
   * Sends a template to an address at once, with made-up values, by the real provider; nothing is tried again, no consent is asked. Needs
   * `notify.manage`; the trail tells of it, without the address.
   * @throws LmsError `INPUT_INVALID`, `NOTICE_TEMPLATE_NOT_FOUND`, `NOTICE_CHANNEL_OFF`, `NOTICE_DLT_MISSING`, `NOTICE_TOO_LONG`,
   * `SECRET_MISSING`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async test(actor: Actor, request: NoticeTest): Promise<NoticeTested> {
    await this.#ports.access.require(actor, 'notify.manage');
    return testNotice(this.#ports, actor, { request, book: await this.#current() });
  }

  async #current(): Promise<PublishedNotices> {
    const stored = await this.#ports.notifications.book(null, 'newest');
    if (stored === null) return { version: 0, publishedAt: null, publishedBy: null, templates: [], rules: [] };
    const { version, publishedAt, publishedBy, book } = stored;
    return { version, publishedAt, publishedBy, ...book };
  }
}

/** The same for equal books, however a store orders what it keeps. */
function textOf(book: NoticeBook): string {
  const plain: Json = JSON.parse(JSON.stringify(book));
  return canonicalJson(plain);
}

function requireStorable(book: NoticeBook): void {
  const { length } = JSON.stringify(book);
  if (length <= mostCharacters) return;
  throw new LmsError('LIMIT_EXCEEDED', {
    message: `the notices are ${length} characters long; at most ${mostCharacters}`,
  });
}

function conflict(version: number): LmsError {
  return new LmsError('NOTICES_CONFLICT', {
    message: `somebody else published notices; their version is ${version}`,
    details: { currentVersion: version },
  });
}
