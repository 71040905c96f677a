import type { AccessService } from '../../../foundation/access/index.js';
import {
  type Actor,
  type Clock,
  instantNow,
  isId,
  type LeadId,
  LmsError,
  quoted,
} from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import type { LeadFactsStore } from '../../leads/index.js';
import type { InboxStore } from '../inbox/index.js';
import type { NoticeRule } from './notice-book.js';
import { beginningFor, inboxNoticeOf, type NoticeHandOutPorts, userOf } from './notice-hand-out.js';
import { noticeActor, noticeJob, noticeJobKind } from './notice-job.js';
import { type Notification, notificationEvent, notificationShown } from './notification.js';
import type { NotificationStatus, NotificationStore, StoredNotification } from './notification-store.js';
import { ToldUsers, type ToldUsersPorts } from './told-users.js';

export interface NotificationRetryPorts extends Omit<NoticeHandOutPorts, 'notifications' | 'inbox'> {
  readonly access: Pick<AccessService, 'require' | 'rowScope'>;
  readonly notifications: NotificationStore;
  readonly inbox: Pick<InboxStore, 'insert'>;
  readonly facts: Pick<LeadFactsStore, 'row'>;
  readonly users: ToldUsersPorts['users'];
  readonly preferences: ToldUsersPorts['preferences'];
  readonly leads: ToldUsersPorts['leads'];
  readonly clock: Clock;
}

const retried: ReadonlySet<NotificationStatus> = new Set(['suppressed', 'failed', 'unknown']);

/** Has somebody told who was not. */
export class NotificationRetry {
  readonly #ports: NotificationRetryPorts;

  constructor(ports: NotificationRetryPorts) {
    this.#ports = ports;
  }

  /**
   * Sends again what was suppressed, has failed, or may have been sent, by the templates and rules that hold now, with all its tries;
   * consent and preferences are asked anew. What goes into an inbox is there at once, or suppressed again. One that waits is left as it is, and
   * gets a job where it has none. Needs `notify.manage`; the trail tells of it.
   * @throws LmsError `NOTIFICATION_NOT_FOUND`, `NOTIFICATION_CONFLICT` for one that was sent, or whose rule is there no more;
   * `STORE_CONFLICT` where somebody else changes it at the same time, `PERMISSION_DENIED`, `ACTOR_UNKNOWN`
   */
  async retry(actor: Actor, id: string): Promise<Notification> {
    const { access, notifications, unitOfWork, queue } = this.#ports;
    await access.require(actor, 'notify.manage');
    const found = isId(id) ? await notifications.get(null, id) : null;
    if (found === null) throw notFound(id);
    if (found.status === 'sent') {
      throw new LmsError('NOTIFICATION_CONFLICT', { message: 'the notification was sent; nobody is told twice' });
    }
    const after = retried.has(found.status) ? await this.#after(found) : found;
    await unitOfWork.run('ledger', async (unit) => {
      if (after !== found) await this.#save(unit, actor, after);
      if (after.channel !== 'in-app') await queue.add(unit, noticeActor, noticeJob(id));
    });
    queue.wake([noticeJobKind]);
    return notificationShown(after);
  }

  async #save(unit: Unit, actor: Actor, after: StoredNotification): Promise<void> {
    const { notifications, inbox, events } = this.#ports;
    if (!(await notifications.save(unit, after))) {
      throw new LmsError('STORE_CONFLICT', { message: 'somebody else changed the notification; try again' });
    }
    const notice = inboxNoticeOf(after);
    if (notice !== null) await inbox.insert(unit, [notice]);
    const done = after.status === 'waiting' ? 'retried' : after.status;
    await events.record(unit, [
      notificationEvent(after, { type: `notification.${done}`, actor, command: 'notify.retry' }),
    ]);
  }

  /** The notification as it is told once more. */
  async #after(found: StoredNotification): Promise<StoredNotification> {
    const { notifications, clock } = this.#ports;
    const newest = await notifications.book(null, 'newest');
    const rule = newest?.book.rules.find(
      ({ name, channels }) => name === found.rule && channels.includes(found.channel),
    );
    if (newest === null || rule === undefined) {
      throw new LmsError('NOTIFICATION_CONFLICT', {
        message: `the rule ${found.rule} tells nobody by ${found.channel} any more; publish it again first`,
      });
    }
    const anew = { answer: null, heldUntil: null, bookVersion: newest.version, updatedAt: instantNow(clock) };
    // A provider that knows repeats would answer the same again to what it has refused.
    const edition = found.reason === 'NOTICE_REFUSED' ? found.edition + 1 : found.edition;
    const beginning = found.channel === 'in-app' ? await this.#delivered(found, rule) : waiting;
    return { ...found, ...anew, ...beginning, edition, version: found.version + 1 };
  }

  async #delivered(
    { recipient, leadId, eventType, channel }: StoredNotification,
    rule: NoticeRule,
  ): Promise<Pick<StoredNotification, 'status' | 'reason'>> {
    const facts = await this.#ports.facts.row(leadId as LeadId);
    if (facts === null) return { status: 'suppressed', reason: 'LEAD_NOT_FOUND' };
    const told = { userId: userOf(recipient), rule, channel, eventType, facts };
    return beginningFor(new ToldUsers(this.#ports), told);
  }
}

const waiting = { status: 'waiting', reason: null } as const;

export function notFound(id: string): LmsError {
  return new LmsError('NOTIFICATION_NOT_FOUND', {
    message: `there is no notification ${quoted(id)}, or it is forgotten already`,
  });
}
