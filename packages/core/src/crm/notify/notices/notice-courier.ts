import { z } from 'zod';
import { isHandedOn, type JobContext, type JobHandler, type JobQueue } from '../../../foundation/jobs/index.js';
import { type Clock, hasCode, type Instant, instantNow, LmsError } from '../../../foundation/kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../../foundation/persistence/index.js';
import { noticeActor, noticeJob, noticeJobKind } from './notice-job.js';
import type { SendResult } from './notice-message.js';
import type { NoticeSenders } from './notice-senders.js';
import type { NoticeWriter, WrittenNotice } from './notice-writer.js';
import { notificationEvent } from './notification.js';
import type { NotificationStatus, NotificationStore, StoredNotification } from './notification-store.js';
import type { CheckedNotifySettings } from './notify-settings.js';

export interface NoticeCourierPorts {
  readonly notifications: NotificationStore;
  readonly writer: NoticeWriter;
  readonly senders: NoticeSenders;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** How a notification ended, or that it goes on waiting. */
interface Outcome {
  readonly status: NotificationStatus;
  readonly reason: string | null;
  readonly answer?: string | null;
  readonly heldUntil?: Instant;
}

/** What goes wrong here, not with the provider: somebody mends it while the notification waits. */
const mendable: ReadonlySet<LmsError['category']> = new Set(['config', 'internal', 'storage']);
const payloadShape = z.object({ id: z.string() });
const over: ReadonlySet<NotificationStatus> = new Set(['sent', 'suppressed', 'failed', 'unknown']);
const backoff = { firstMillis: 30_000, mostMillis: 7_200_000 };
/** Longer than any try. */
const timeoutMillis = 300_000;

/**
 * Sends one notification a job. Right before a try it is marked, right after it the end is written together with that of the job. Where a
 * process dies in between, nobody knows whether it was sent: an email is sent again, under the same Message-ID; an SMS is not, unless the
 * provider knows repeats.
 */
export class NoticeCourier {
  readonly #ports: NoticeCourierPorts;
  readonly #settings: CheckedNotifySettings;

  constructor(ports: NoticeCourierPorts, settings: CheckedNotifySettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** One try. @throws what went wrong, where there is to be another */
  async run(context: JobContext): Promise<void> {
    const { notifications } = this.#ports;
    const { id } = payloadShape.parse(context.job.payload);
    const found = await notifications.get(null, id);
    // One that was forgotten meanwhile, or that another run has ended.
    if (found === null || over.has(found.status)) return;
    if (found.status === 'sending' && !this.#mayRepeat(found)) {
      return this.#end(context, found, { status: 'unknown', reason: 'NOTICE_OUTCOME_UNKNOWN' });
    }
    const written = await this.#written(context, found);
    if (written === null) return;
    if (written.kind === 'suppressed') {
      return this.#end(context, found, { status: 'suppressed', reason: written.reason, answer: null });
    }
    if (written.kind === 'held') return this.#hold(context, found, written.until);
    const begun = await this.#begin(found, written.language);
    const result = await this.#sent(context, begun, written);
    if (result !== null) await this.#settle(context, begun, result);
  }

  /** Null where it cannot be written, which is its end. */
  async #written(context: JobContext, notification: StoredNotification): Promise<WrittenNotice | null> {
    try {
      return await this.#ports.writer.write(notification);
    } catch (error) {
      await this.#failed(context, notification, error);
      return null;
    }
  }

  async #sent(
    context: JobContext,
    notification: StoredNotification,
    { message }: WrittenNotice & { readonly kind: 'ready' },
  ): Promise<SendResult | null> {
    try {
      return await this.#ports.senders.send(message, context.signal);
    } catch (error) {
      await this.#failed(context, notification, error);
      return null;
    }
  }

  async #begin(found: StoredNotification, language: string): Promise<StoredNotification> {
    const { notifications, unitOfWork, clock } = this.#ports;
    const attempts = found.attempts + 1;
    const now = { heldUntil: null, version: found.version + 1, updatedAt: instantNow(clock) };
    const begun = { ...found, ...now, status: 'sending', language, attempts } as const;
    const isOurs = await unitOfWork.run('ledger', (unit) => notifications.save(unit, begun));
    if (!isOurs) throw new LmsError('STORE_CONFLICT', { message: 'another worker sends this notification' });
    return begun;
  }

  /** It waits for a job of that moment, with the tries that are left. */
  async #hold({ job, finishIn }: JobContext, found: StoredNotification, heldUntil: Instant): Promise<void> {
    const { queue, unitOfWork } = this.#ports;
    await unitOfWork.run('ledger', async (unit) => {
      await this.#save(unit, found, { status: 'waiting', reason: null, heldUntil });
      await finishIn(unit, { status: 'waiting', heldUntil });
      const { correlationId } = job;
      const maxAttempts = Math.max(1, job.maxAttempts - job.attempts + 1);
      await queue.add(unit, noticeActor, { ...noticeJob(found.id), runAt: heldUntil, maxAttempts, correlationId });
    });
  }

  async #settle(context: JobContext, notification: StoredNotification, result: SendResult): Promise<void> {
    const { answer } = result;
    switch (result.kind) {
      case 'sent':
        return this.#end(context, notification, { status: 'sent', reason: null, answer });
      case 'refused':
        return this.#end(context, notification, { status: 'failed', reason: result.code, answer });
      case 'unknown':
        return this.#end(context, notification, { status: 'unknown', reason: 'NOTICE_OUTCOME_UNKNOWN', answer });
      case 'again': {
        const error = new LmsError('NOTICE_NOT_SENT', {
          message: `the provider of ${notification.channel} did not take a notification: ${answer ?? 'no answer'}`,
        });
        return this.#failed(context, notification, error, answer);
      }
    }
  }

  /** Ends it where trying again cannot help or was done often enough; else it waits, and the job is tried again. @throws what went wrong */
  async #failed(
    context: JobContext,
    notification: StoredNotification,
    error: unknown,
    answer: string | null = null,
  ): Promise<void> {
    const { job, signal } = context;
    const reason = LmsError.isInstance(error) ? error.code : 'INTERNAL';
    // A worker that stops gives the job back with the try.
    if (!mayPass(error) || (job.attempts >= job.maxAttempts && !isHandedOn(signal))) {
      return this.#end(context, notification, { status: 'failed', reason, answer });
    }
    await this.#ports.unitOfWork.run('ledger', (unit) =>
      this.#save(unit, notification, { status: 'waiting', reason, answer }),
    );
    // Settings are mended while it waits: to the job every one of these is something that passes.
    throw LmsError.isInstance(error) && error.retryable
      ? error
      : new LmsError('NOTICE_NOT_SENT', { message: `a notification was not sent: ${reason}`, cause: error });
  }

  async #end(context: JobContext, notification: StoredNotification, outcome: Outcome): Promise<void> {
    const { unitOfWork, events } = this.#ports;
    const write = async (unit: Unit, before: StoredNotification): Promise<void> => {
      const ended = await this.#save(unit, before, outcome);
      const done = { type: `notification.${outcome.status}`, actor: noticeActor, command: 'notify.send' };
      await events.record(unit, [notificationEvent(ended, done)]);
    };
    const { status, reason } = outcome;
    try {
      await unitOfWork.run('ledger', async (unit) => {
        await write(unit, notification);
        await context.finishIn(unit, { status, reason });
      });
    } catch (error) {
      if (!hasCode(error, 'JOB_LEASE_LOST') && !hasCode(error, 'STORE_CONFLICT')) throw error;
      // What became of this try is known here alone, also where another worker has taken it for one whose outcome nobody knows.
      await unitOfWork.run('ledger', async (unit) => {
        const now = await this.#ports.notifications.get(unit, notification.id);
        if (now === null || now.attempts !== notification.attempts || now.edition !== notification.edition) throw error;
        if (over.has(now.status) && now.status !== 'unknown') throw error;
        await write(unit, now);
      });
    }
  }

  async #save(unit: Unit, notification: StoredNotification, outcome: Outcome): Promise<StoredNotification> {
    const { notifications, clock } = this.#ports;
    const now = { heldUntil: null, version: notification.version + 1, updatedAt: instantNow(clock) };
    const saved: StoredNotification = { ...notification, ...now, ...outcome };
    if (await notifications.save(unit, saved)) return saved;
    throw new LmsError('STORE_CONFLICT', { message: 'another worker sends this notification' });
  }

  #mayRepeat({ channel }: StoredNotification): boolean {
    return channel === 'email' || this.#settings.sms?.knowsRepeats === true;
  }
}

/** Runs the jobs of notifications. */
export function noticeJobHandler(
  { concurrency, maxAttempts }: CheckedNotifySettings,
  courier: () => NoticeCourier,
): JobHandler {
  return {
    kind: noticeJobKind,
    ...{ concurrency, maxAttempts, backoff, timeoutMillis },
    async run(context) {
      await courier().run(context);
      return undefined;
    },
  };
}

function mayPass(error: unknown): boolean {
  return !LmsError.isInstance(error) || error.retryable || mendable.has(error.category);
}
