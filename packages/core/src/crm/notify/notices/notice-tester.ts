import {
  type Actor,
  type Clock,
  checkInput,
  type IdSource,
  LmsError,
  quoted,
} from '../../../foundation/kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../../../foundation/persistence/index.js';
import type { NoticeBook, SentTemplate } from './notice-book.js';
import { everyVariable } from './notice-events.js';
import type { SendResult } from './notice-message.js';
import type { NoticeSenders } from './notice-senders.js';
import { isReachable, messageOf } from './notice-text.js';
import { type NoticeTest, noticeTestShape } from './notification-input.js';
import { type SmsLength, smsLength } from './sms-length.js';

export interface NoticeTesterPorts {
  readonly senders: NoticeSenders;
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** How a test was taken. */
export interface NoticeTested {
  /** The provider has taken it; whether it arrives is another matter. */
  readonly sent: boolean;
  /** Why not; null where it was taken. */
  readonly code: string | null;
  /** What the provider answered, such as `SMTP 250`. */
  readonly answer: string | null;
  readonly language: string;
  /** How long an SMS is; null for an email. */
  readonly length: SmsLength | null;
  readonly durationMillis: number;
}

/** Sends a template of a book with made-up values; nothing is tried again, and the trail tells of it. @throws LmsError as `NotificationService.test` says */
export async function testNotice(
  { senders, ids, clock, unitOfWork, events }: NoticeTesterPorts,
  actor: Actor,
  { request, book }: { readonly request: NoticeTest; readonly book: NoticeBook },
): Promise<NoticeTested> {
  const { to, channel, template: name, language } = checkInput(noticeTestShape, request, 'nothing can be tested');
  if (!isReachable(channel, to)) {
    const expected = channel === 'email' ? 'an email address' : 'a number such as +919000000001';
    throw new LmsError('INPUT_INVALID', { message: `nothing can be tested: to: expected ${expected}`, path: 'to' });
  }
  const wanted = language?.toLowerCase();
  const template = book.templates.find(
    (each): each is SentTemplate =>
      each.name === name &&
      each.channel === channel &&
      (wanted === undefined || each.language.toLowerCase() === wanted),
  );
  if (template === undefined) {
    throw new LmsError('NOTICE_TEMPLATE_NOT_FOUND', {
      message: `there is no template ${quoted(name)} for ${channel}${language === undefined ? '' : ` in ${language}`}`,
    });
  }
  const id = ids.next<'notification'>();
  const samples = new Map([...everyVariable.values()].map((variable) => [variable.name, variable.sample]));
  const message = messageOf(template, samples, { id, key: id, to, leadId: null });
  const begunAt = clock.now();
  const result = await senders.send(message, new AbortController().signal);
  const durationMillis = Math.max(0, clock.now() - begunAt);
  const code = codeOf(result);
  await unitOfWork.run('ledger', (unit) =>
    events.record(unit, [
      {
        type: 'notification.tested',
        typeVersion: 1,
        aggregate: { kind: 'notification', id, version: 1 },
        actor,
        command: 'notify.test',
        data: { channel, template: name, language: template.language, code, answer: result.answer },
        sealed: null,
      },
    ]),
  );
  return {
    sent: code === null,
    ...{ code, answer: result.answer, language: template.language, durationMillis },
    length: message.channel === 'sms' ? smsLength(message.text) : null,
  };
}

function codeOf(result: SendResult): string | null {
  switch (result.kind) {
    case 'sent':
      return null;
    case 'refused':
      return result.code;
    case 'again':
      return 'NOTICE_NOT_SENT';
    case 'unknown':
      return 'NOTICE_OUTCOME_UNKNOWN';
  }
}
