import { z } from 'zod';
import type { UserStore } from '../../../foundation/access/index.js';
import type { Consumer, FeedEvent } from '../../../foundation/events/index.js';
import type { JobQueue } from '../../../foundation/jobs/index.js';
import { type Clock, instantNow, type LeadId, systemActor } from '../../../foundation/kernel/index.js';
import type { UnitOfWork } from '../../../foundation/persistence/index.js';
import type { LeadFactsRow, LeadFactsStore } from '../../leads/index.js';
import { leadOf } from '../webhooks/index.js';
import type { NoticeRecipient, NoticeRule } from './notice-book.js';
import { noticeEventTypes } from './notice-events.js';
import { notificationId } from './notification-id.js';
import type { NewNotification, NoticeDetails, NotificationStore, StoredNoticeBook } from './notification-store.js';

export interface NoticeFanOutPorts {
  readonly notifications: NotificationStore;
  readonly facts: Pick<LeadFactsStore, 'row'>;
  readonly users: Pick<UserStore, 'list'>;
  readonly queue: JobQueue;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/** Jobs that send one notification each. */
export const noticeJobKind = 'notify.send';
/** In whose name they run. */
export const noticeActor: ReturnType<typeof systemActor> = systemActor('notify');

const mostUsers = 500;
/** Versions that events of one batch may go by; what happened before the oldest of them is told to nobody. */
const mostBooks = 20;
/** Rows of one commit, each with its job. */
const mostAtOnce = 200;
const placementData = z.object({ ownerId: z.string().nullable() });
const moveData = z.object({ from: z.string().nullish(), to: z.string().nullish() });

/**
 * Makes notifications of events, by the rules that held when they happened. Handled twice, an event makes none twice: their ids say of
 * which event, rule, recipient and channel they are.
 */
export class NoticeFanOut {
  readonly #ports: NoticeFanOutPorts;

  constructor(ports: NoticeFanOutPorts) {
    this.#ports = ports;
  }

  /** Told of what happens to leads once the first rules are published. */
  get consumer(): Consumer {
    return {
      name: 'lms.notify',
      types: noticeEventTypes,
      batchSize: 50,
      handleBatch: (events) => this.#handle(events),
    };
  }

  async #handle(events: readonly FeedEvent[]): Promise<void> {
    const { notifications, unitOfWork, queue } = this.#ports;
    const books = await this.#books(events);
    const made: (NewNotification & Pick<FeedEvent, 'correlationId'>)[] = [];
    for (const event of events) {
      const stored = books.find(({ publishedAt }) => publishedAt <= event.at);
      if (stored === undefined) continue;
      for (const each of await this.#ofEvent(event, stored)) {
        made.push({ ...each, correlationId: event.correlationId });
      }
    }
    for (let from = 0; from < made.length; from += mostAtOnce) {
      const chunk = made.slice(from, from + mostAtOnce);
      await unitOfWork.run('ledger', async (unit) => {
        const added = await notifications.insert(
          unit,
          chunk.map(({ correlationId: _correlation, ...each }) => each),
        );
        const jobs = chunk.filter(({ id }) => added.has(id));
        await queue.addMany(
          unit,
          noticeActor,
          jobs.map(({ id, correlationId }) => ({ ...noticeJob(id), correlationId })),
        );
      });
    }
    if (made.length > 0) queue.wake([noticeJobKind]);
  }

  /** The versions that held when these happened, the newest first: nobody is told of what happened before a rule was published. */
  async #books(events: readonly FeedEvent[]): Promise<readonly StoredNoticeBook[]> {
    const { notifications } = this.#ports;
    const [first] = events.map(({ at }) => at).sort();
    const books: StoredNoticeBook[] = [];
    let book = first === undefined ? null : await notifications.book(null, 'newest');
    while (book !== null) {
      books.push(book);
      if (first === undefined || book.publishedAt <= first || book.version === 1 || books.length >= mostBooks) break;
      book = await notifications.book(null, book.version - 1);
    }
    return books;
  }

  async #ofEvent(event: FeedEvent, { book, version }: StoredNoticeBook): Promise<readonly NewNotification[]> {
    const leadId = leadOf(event.aggregate);
    const rules = book.rules.filter((rule) => rule.event === event.type);
    if (leadId === null || rules.length === 0) return [];
    const facts = await this.#ports.facts.row(leadId as LeadId);
    if (facts === null) return [];
    const details = detailsOf(event);
    const wanted = rules.filter((rule) => isMeant(rule, facts, details));
    const madeAt = instantNow(this.#ports.clock);
    const notifications: NewNotification[] = [];
    for (const rule of wanted) {
      for (const recipient of await this.#recipients(rule.to, ownerOf(event, facts))) {
        for (const channel of rule.channels) {
          const identity = { eventId: event.id, rule: rule.name, recipient, channel };
          notifications.push({
            id: notificationId(identity),
            ...identity,
            ...{ eventType: event.type, leadId, bookVersion: version, details, madeAt },
          });
        }
      }
    }
    return notifications;
  }

  async #recipients(to: NoticeRecipient, ownerId: string | null): Promise<readonly string[]> {
    if (to.kind === 'person' || to.kind === 'address') return [to.kind];
    if (to.kind === 'owner') return ownerId === null ? [] : [`user:${ownerId}`];
    const which = to.kind === 'role' ? { role: to.role } : { team: to.team };
    const users = await this.#ports.users.list({ active: true, ...which, limit: mostUsers });
    return users.map(({ id }) => `user:${id}`);
  }
}

/** The job of a notification; while one waits or runs there is no second. */
export function noticeJob(id: string): {
  readonly kind: string;
  readonly payload: { readonly id: string };
  readonly dedupeKey: string;
} {
  return { kind: noticeJobKind, payload: { id }, dedupeKey: id };
}

/** Whom a lead was given to, by the event itself: it may be somebody else's by now. */
function ownerOf({ type, data }: FeedEvent, { ownerId }: LeadFactsRow): string | null {
  const placed = type === 'lead.assigned' ? placementData.safeParse(data).data : undefined;
  return placed === undefined ? ownerId : placed.ownerId;
}

function isMeant({ productLines, stages }: NoticeRule, facts: LeadFactsRow, { to }: NoticeDetails): boolean {
  if (productLines !== undefined && !productLines.includes(facts.productLine)) return false;
  return stages === undefined || (to !== undefined && stages.includes(to));
}

function detailsOf({ at, type, data }: FeedEvent): NoticeDetails {
  const move = type === 'lead.stage_changed' ? moveData.safeParse(data).data : undefined;
  return {
    at,
    ...(typeof move?.from === 'string' ? { from: move.from } : {}),
    ...(typeof move?.to === 'string' ? { to: move.to } : {}),
  };
}
