import type { InboxNotice, PreferenceChange, QuietHours, UserPreferences } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface InboxListOptions {
  readonly unread?: true;
  readonly limit: number;
  readonly cursor?: string;
}

export interface ReadOptions {
  readonly all?: true;
}

export interface PreferenceOptions {
  readonly set?: readonly string[];
  readonly language?: string;
  readonly quietHours?: string;
}

export async function listInbox(session: Session, { unread, limit, cursor }: InboxListOptions): Promise<void> {
  const { me, output, format } = session;
  const { inbox } = me.notifications;
  const { notices, next } = await inbox.list({
    limit,
    ...(unread === true ? { unread } : {}),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  const counted = await inbox.unreadCount();
  output.answer({ items: notices, nextCursor: next, ...counted }, () =>
    notices.length === 0
      ? ''
      : table(
          notices,
          [
            { heading: 'Id', cell: ({ id }) => id },
            { heading: 'New', cell: ({ readAt }) => (readAt === null ? '*' : ''), importance: 3 },
            { heading: 'Notice', cell: noticeText, minimum: 12, importance: 4 },
            { heading: 'Text', cell: ({ text }) => printable(text ?? ''), minimum: 12, importance: 1 },
            { heading: 'Made', cell: ({ madeAt }) => format.time(madeAt), importance: 2 },
          ],
          output,
        ),
  );
  if (notices.length === 0) output.say(unread === true ? 'Everything is read.' : 'The inbox is empty.');
  if (counted.unread > 0) output.say(`${counted.more ? 'More than ' : ''}${counted.unread} not read.`);
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function readNotices(
  { me, output }: Session,
  ids: readonly string[],
  { all }: ReadOptions,
): Promise<void> {
  if ((all === true) === ids.length > 0) {
    throw new LmsError('INPUT_INVALID', { message: 'say which notices are read by their ids, or --all of them' });
  }
  const { inbox } = me.notifications;
  const answer = await (all === true ? inbox.markAllRead() : inbox.markRead(ids));
  output.answer(answer, () => `${answer.marked} marked as read.`);
}

export async function showPreferences(
  session: Session,
  user: string | undefined,
  given: PreferenceOptions,
): Promise<void> {
  const { me, output } = session;
  const options = user === undefined ? {} : { user };
  const change = changeOf(given);
  const { preferences } = me.notifications;
  const shown = await (change === null ? preferences.get(options) : preferences.set(change, options));
  output.answer(shown, () => preferencesText(shown));
}

/** Null where nothing is to change. */
function changeOf({ set = [], language, quietHours }: PreferenceOptions): PreferenceChange | null {
  if (set.length === 0 && language === undefined && quietHours === undefined) return null;
  return {
    ...(set.length === 0 ? {} : { choices: Object.fromEntries(set.map(choiceOf)) }),
    ...(language === undefined ? {} : { language: language === 'default' ? null : language }),
    ...(quietHours === undefined ? {} : { quietHours: quietOf(quietHours) }),
  };
}

function choiceOf(given: string): readonly [string, 'on' | 'off' | null] {
  const [, key = '', choice] = /^([^=]+)=(on|off|default)$/.exec(given) ?? [];
  if (choice === 'on' || choice === 'off') return [key, choice];
  if (choice === 'default') return [key, null];
  const message = `--set: expected a rule or an event and on, off or default, such as lead.assigned/email=off, not ${printable(given)}`;
  throw new LmsError('INPUT_INVALID', { message });
}

function quietOf(given: string): QuietHours | 'none' | null {
  if (given === 'default') return null;
  if (given === 'none') return given;
  const [, from, to, timeZone] = /^(\d\d:\d\d)-(\d\d:\d\d)(?:@(.+))?$/.exec(given) ?? [];
  if (from !== undefined && to !== undefined) return { from, to, ...(timeZone === undefined ? {} : { timeZone }) };
  throw new LmsError('INPUT_INVALID', {
    message: '--quiet-hours: expected times such as 21:00-08:00 or 21:00-08:00@Asia/Kolkata, none or default',
  });
}

function preferencesText({ user, choices, language, quietHours }: UserPreferences): string {
  const chosen = Object.entries(choices).map(([key, choice]) => `${key}  ${choice}`);
  const hours =
    quietHours === null
      ? 'as published'
      : quietHours === 'none'
        ? 'none'
        : `${quietHours.from} to ${quietHours.to}${quietHours.timeZone === undefined ? '' : ` in ${quietHours.timeZone}`}`;
  return [
    ...(chosen.length === 0 ? [`${user} is told of everything that rules tell`] : chosen),
    `Language  ${language ?? 'as published'}`,
    `Quiet hours  ${hours}`,
  ].join('\n');
}

function noticeText({ title, reason }: InboxNotice): string {
  return printable(title ?? `(not shown: ${reason})`);
}
