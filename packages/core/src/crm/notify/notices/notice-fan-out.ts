import { z } from 'zod';
import type { Consumer, FeedEvent } from '../../../foundation/events/index.js';
import { type Clock, instantNow, type LeadId, LmsError } from '../../../foundation/kernel/index.js';
import type { LeadFactsRow, LeadFactsStore } from '../../leads/index.js';
import { leadOf } from '../webhooks/index.js';
import type { NoticeRule } from './notice-book.js';
import { noticeEventTypes } from './notice-events.js';
import {
  type Beginning,
  beginningFor,
  type HandedOut,
  handOut,
  type NoticeHandOutPorts,
  recipientOf,
} from './notice-hand-out.js';
import { notificationId } from './notification-id.js';
import type { NoticeDetails, NotificationStore, StoredNoticeBook } from './notification-store.js';
import { ToldUsers, type ToldUsersPorts } from './told-users.js';

export interface NoticeFanOutPorts extends NoticeHandOutPorts, ToldUsersPorts {
  readonly notifications: NotificationStore;
  readonly facts: Pick<LeadFactsStore, 'row'>;
  readonly clock: Clock;
}

/** One who is told by a rule, and how that begins by each of its channels. */
interface Told {
  readonly recipient: string;
  readonly beginning: (channel: NoticeRule['channels'][number]) => Promise<Beginning>;
}

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
    const books = await this.#books(events);
    const users = new ToldUsers(this.#ports);
    let made: HandedOut[] = [];
    for (const event of events) {
      const stored = books.find(({ publishedAt }) => publishedAt <= event.at);
      if (stored === undefined) continue;
      for await (const each of this.#ofEvent(event, stored, users)) {
        made.push(each);
        if (made.length < mostAtOnce) continue;
        await handOut(this.#ports, made);
        made = [];
      }
    }
    if (made.length > 0) await handOut(this.#ports, made);
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

  async *#ofEvent(
    event: FeedEvent,
    { book, version }: StoredNoticeBook,
    users: ToldUsers,
  ): AsyncGenerator<HandedOut, void, void> {
    const leadId = leadOf(event.aggregate);
    const rules = book.rules.filter((rule) => rule.event === event.type);
    if (leadId === null || rules.length === 0) return;
    const facts = await this.#facts(leadId as LeadId);
    if (facts === null) return;
    const { id: eventId, type: eventType, correlationId } = event;
    const details = detailsOf(event);
    const madeAt = instantNow(this.#ports.clock);
    for (const rule of rules.filter((each) => isMeant(each, facts, details))) {
      for (const { recipient, beginning } of await this.#told(event, { rule, facts }, users)) {
        for (const channel of rule.channels) {
          const identity = { eventId, rule: rule.name, recipient, channel };
          const about = { eventType, leadId, bookVersion: version, details, madeAt };
          const notification = { id: notificationId(identity), ...identity, ...about, ...(await beginning(channel)) };
          yield { notification, correlationId };
        }
      }
    }
  }

  /** Null of a lead that is not there. @throws LmsError `READ_MODELS_BEHIND` where nothing is known of it yet: what happened to it is told later */
  async #facts(leadId: LeadId): Promise<LeadFactsRow | null> {
    const { facts, leads } = this.#ports;
    const row = await facts.row(leadId);
    if (row !== null) return row;
    const [lead] = await leads.get(null, [leadId]);
    if (lead === undefined) return null;
    throw new LmsError('READ_MODELS_BEHIND', { message: `the facts of the lead ${leadId} are not there yet` });
  }

  async #told(
    event: FeedEvent,
    { rule, facts }: { readonly rule: NoticeRule; readonly facts: LeadFactsRow },
    users: ToldUsers,
  ): Promise<readonly Told[]> {
    const { to } = rule;
    if (to.kind === 'person' || to.kind === 'address') {
      return [{ recipient: to.kind, beginning: async () => ({ status: 'waiting', reason: null }) }];
    }
    const owner = ownerOf(event, facts);
    const ids = to.kind === 'owner' ? (owner === null ? [] : [owner]) : await users.of(to);
    await users.preferences(ids);
    return ids.map((userId) => ({
      recipient: recipientOf(userId),
      beginning: (channel) => beginningFor(users, { userId, rule, channel, eventType: event.type, facts }),
    }));
  }
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
