import type { AccessService, User } from '../../../foundation/access/index.js';
import {
  type Actor,
  type Clock,
  checkInput,
  type ErrorCode,
  type Instant,
  instantNow,
  instantShape,
  LmsError,
} from '../../../foundation/kernel/index.js';
import type { UnitOfWork } from '../../../foundation/persistence/index.js';
import { cursorOf, placeOf } from './inbox-cursor.js';
import { type InboxListQuery, inboxIdsShape, inboxQueryShape } from './inbox-input.js';
import type { InboxStore, StoredInboxNotice } from './inbox-store.js';

/** What a notice says, or why it says nothing to who reads it. */
export type InboxWords =
  | { readonly title: string; readonly text: string; readonly language: string; readonly reason: null }
  | { readonly title: null; readonly text: null; readonly language: null; readonly reason: ErrorCode };

export interface InboxServicePorts {
  readonly access: Pick<AccessService, 'require'>;
  readonly inbox: InboxStore;
  /** What these say to a user, in their order. @throws LmsError `STORE_*` */
  readonly words: (user: User, notices: readonly StoredInboxNotice[]) => Promise<readonly InboxWords[]>;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/** A notice as its user reads it. */
export interface InboxNotice {
  /** That of the notification. */
  readonly id: string;
  readonly rule: string;
  readonly eventType: string;
  readonly leadId: string;
  /** Null where it cannot be told any more, as `reason` says: of a lead that the user may not see now, or that was erased. */
  readonly title: string | null;
  readonly text: string | null;
  readonly language: string | null;
  readonly reason: ErrorCode | null;
  readonly madeAt: Instant;
  readonly readAt: Instant | null;
}

/** Notices of a user, the newest first. */
export interface InboxPage {
  readonly notices: readonly InboxNotice[];
  /** Continues the list as `after`; null on the last page. */
  readonly next: string | null;
}

export interface UnreadCount {
  /** At most 1,000. */
  readonly unread: number;
  /** Whether there are more than these. */
  readonly more: boolean;
}

const defaultLimit = 20;
const mostCounted = 1_000;
/** Marked in one commit. */
const mostAtOnce = 500;

/** The inbox of each user: nobody sees or marks another's. */
export class InboxService {
  readonly #ports: InboxServicePorts;

  constructor(ports: InboxServicePorts) {
    this.#ports = ports;
  }

  /**
   * Notices of the actor, in the words of the lead as the actor sees it now. Needs `inbox.use`.
   * @throws LmsError `INPUT_INVALID`, `CURSOR_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async list(actor: Actor, query: InboxListQuery = {}): Promise<InboxPage> {
    const { inbox, words } = this.#ports;
    const user = await this.#user(actor);
    const {
      unread = false,
      after: cursor,
      limit = defaultLimit,
    } = checkInput(inboxQueryShape, query, 'the inbox cannot be listed');
    const after = cursor === undefined ? undefined : placeOf(cursor);
    if (after === null) throw new LmsError('CURSOR_INVALID', { message: 'the cursor is none of this list' });
    const place = after === undefined ? {} : { after };
    const found = await inbox.list({ userId: user.id, unread, limit: limit + 1, ...place });
    const page = found.slice(0, limit);
    const said = await words(user, page);
    const last = page.at(-1);
    return {
      notices: page.flatMap((notice, at) => {
        const words = said[at];
        return words === undefined ? [] : [shown(notice, words)];
      }),
      next: found.length > limit && last !== undefined ? cursorOf(last) : null,
    };
  }

  /** Needs `inbox.use`. @throws LmsError `PERMISSION_DENIED`, `ACTOR_UNKNOWN` */
  async unreadCount(actor: Actor): Promise<UnreadCount> {
    const { id } = await this.#user(actor);
    const counted = await this.#ports.inbox.unread(id, mostCounted + 1);
    return { unread: Math.min(counted, mostCounted), more: counted > mostCounted };
  }

  /**
   * Marks up to 200 notices as read. Those that were read keep when that was; ids of none, or of another's, mark nothing. Needs `inbox.use`.
   * @returns how many this call has marked; of callers at once each marks what no other has
   * @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async markRead(actor: Actor, ids: readonly string[]): Promise<{ readonly marked: number }> {
    const { id: userId } = await this.#user(actor);
    const checked = checkInput(inboxIdsShape, ids, 'nothing can be marked');
    return { marked: await this.#mark(userId, [...new Set(checked)]) };
  }

  /**
   * Marks all that were made up to a moment, now when absent: those that come meanwhile stay unread. In commits of 500, so what was marked stays
   * so where it breaks off. Needs `inbox.use`.
   * @returns how many this call has marked
   * @throws LmsError `INPUT_INVALID`, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async markAllRead(actor: Actor, until?: Instant): Promise<{ readonly marked: number }> {
    const { inbox, clock } = this.#ports;
    const { id: userId } = await this.#user(actor);
    const last = until === undefined ? instantNow(clock) : checkInput(instantShape, until, 'nothing can be marked');
    let marked = 0;
    for (;;) {
      const ids = await inbox.unreadIds({ userId, until: last, limit: mostAtOnce });
      const now = ids.length === 0 ? 0 : await this.#mark(userId, ids);
      marked += now;
      // Where somebody else marks the same, that one goes on.
      if (ids.length < mostAtOnce || now === 0) return { marked };
    }
  }

  #mark(userId: string, ids: readonly string[]): Promise<number> {
    const { inbox, unitOfWork, clock } = this.#ports;
    const read = { userId, ids, at: instantNow(clock) };
    return unitOfWork.run('ledger', (unit) => inbox.markRead(unit, read));
  }

  async #user(actor: Actor): Promise<User> {
    const { user } = await this.#ports.access.require(actor, 'inbox.use');
    if (user !== null) return user;
    throw new LmsError('PERMISSION_DENIED', { message: 'only users have an inbox' });
  }
}

function shown(notice: StoredInboxNotice, { title, text, language, reason }: InboxWords): InboxNotice {
  const { id, rule, eventType, leadId, madeAt, readAt } = notice;
  return { id, rule, eventType, leadId, title, text, language, reason, madeAt, readAt };
}
