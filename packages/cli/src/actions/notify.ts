import {
  type NoticeRecipient,
  type NoticeRule,
  type NoticeTemplate,
  type Notification,
  type NotificationStatus,
  noticeBookShape,
  type SentChannel,
} from '@lms/core';
import { checkInput, isId, LmsError } from '@lms/core/kernel';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { inFileError, problemsOf, readDefinitionFile } from '../input/definition-file.js';
import { printable, table } from '../output/index.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface PublishNoticesOptions {
  readonly replaces?: number;
}

export interface NoticeTestOptions {
  readonly template: string;
  readonly channel: SentChannel;
  readonly language?: string;
}

export interface NotificationListOptions {
  readonly status?: NotificationStatus;
  readonly lead?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export async function publishNotices(
  { me, output }: Session,
  file: string,
  { replaces }: PublishNoticesOptions,
): Promise<void> {
  const { place, definition, withPlaces } = await readDefinitionFile(file);
  const options = replaces === undefined ? {} : { expectedVersion: replaces };
  try {
    const book = checkInput(noticeBookShape, definition, `${place} is refused`);
    const { version, templates, rules } = await me.notifications.publish(book, options);
    output.answer(
      { version, templates: templates.length, rules: rules.length },
      () => `Version ${version} holds: ${templates.length} templates, ${rules.length} rules.`,
    );
  } catch (thrown) {
    throw LmsError.isInstance(thrown) ? inFileError(place, thrown, withPlaces(problemsOf(thrown))) : thrown;
  }
}

export async function listTemplates({ me, output }: Session): Promise<void> {
  const { version, templates } = await me.notifications.book();
  output.answer({ version, items: templates }, () =>
    templates.length === 0
      ? ''
      : table(
          templates,
          [
            { heading: 'Template', cell: ({ name }) => name },
            { heading: 'Channel', cell: ({ channel }) => channel },
            { heading: 'Language', cell: ({ language }) => language },
            {
              heading: 'Begins',
              cell: (template) => printable(firstWords(template)),
              minimum: 12,
            },
          ],
          output,
        ),
  );
  if (templates.length === 0) output.say('There are no templates: lms notify publish FILE');
}

export async function listRules({ me, output }: Session): Promise<void> {
  const { version, rules } = await me.notifications.book();
  output.answer({ version, items: rules }, () =>
    rules.length === 0
      ? ''
      : table(
          rules,
          [
            { heading: 'Rule', cell: ({ name }) => name },
            { heading: 'Event', cell: ({ event }) => event },
            { heading: 'Tells', cell: ({ to }) => recipientText(to), minimum: 8 },
            { heading: 'By', cell: ({ channels }) => channels.join(', ') },
            { heading: 'Template', cell: ({ template }) => template, importance: 2 },
            { heading: 'Always', cell: alwaysText, importance: 1 },
          ],
          output,
        ),
  );
  if (rules.length === 0) output.say('Nobody is told of anything: lms notify publish FILE');
}

export async function testNotice(
  { me, output }: Session,
  to: string,
  { template, channel, language }: NoticeTestOptions,
): Promise<ExitCode> {
  const tested = await me.notifications.test({
    ...{ to, template, channel },
    ...(language === undefined ? {} : { language }),
  });
  const { sent, code, answer, length, durationMillis } = tested;
  output.answer(tested, () => {
    const parts = length === null ? '' : `; ${length.parts} messages in ${length.encoding}`;
    return `${sent ? 'Taken' : 'Not taken'}: ${answer ?? code} after ${durationMillis} ms${parts}`;
  });
  return sent ? exitCodes.ok : exitCodes.unavailable;
}

export async function listNotifications(session: Session, options: NotificationListOptions): Promise<void> {
  const { me, output, format } = session;
  const { status, lead, limit, cursor } = options;
  const leadId = lead === undefined ? undefined : isId(lead) ? lead : (await me.leads.get(lead)).id;
  const { notifications, next } = await me.notifications.list({
    limit,
    ...(status === undefined ? {} : { status }),
    ...(leadId === undefined ? {} : { leadId }),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  output.answer({ items: notifications, nextCursor: next }, () =>
    notifications.length === 0
      ? ''
      : table(
          notifications,
          [
            { heading: 'Id', cell: ({ id }) => id },
            { heading: 'Event', cell: ({ eventType }) => eventType, minimum: 8, importance: 3 },
            { heading: 'Rule', cell: ({ rule }) => rule, minimum: 8, importance: 2 },
            { heading: 'Tells', cell: ({ recipient }) => recipient, minimum: 6 },
            { heading: 'By', cell: ({ channel }) => channel },
            { heading: 'Status', cell: (each) => statusText(each, format), minimum: 8, importance: 4 },
            { heading: 'Made', cell: ({ madeAt }) => format.time(madeAt), importance: 2 },
          ],
          output,
        ),
  );
  if (notifications.length === 0) output.say('Nobody was told of anything here.');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function retryNotification({ me, output, format }: Session, id: string): Promise<void> {
  const notification = await me.notifications.retry(id);
  // One that waited already keeps the time of its next try; what goes into an inbox is there at once.
  output.answer(notification, () =>
    notification.status === 'waiting' || notification.status === 'sending'
      ? 'It is sent again when it is due; lms work or lms tick does so.'
      : statusText(notification, format),
  );
}

export async function showNotification({ me, output, format }: Session, id: string): Promise<void> {
  const found = await me.notifications.get(id);
  const { recipient, channel, rule, eventType, leadId, language, attempts, bookVersion, madeAt, updatedAt } = found;
  output.answer(found, () =>
    [
      `${output.style.bold(recipient)} by ${channel}: ${statusText(found, format)}`,
      `Rule      ${rule} of version ${bookVersion}, of ${eventType}`,
      `Lead      ${leadId}`,
      ...(language === null ? [] : [`Language  ${language}`]),
      `Made      ${format.time(madeAt)}`,
      `Changed   ${format.time(updatedAt)}`,
      `Tries     ${attempts}`,
    ].join('\n'),
  );
}

function firstWords(template: NoticeTemplate): string {
  switch (template.channel) {
    case 'email':
      return template.subject;
    case 'sms':
      return template.text;
    case 'in-app':
      return template.title;
  }
}

/** What neither preferences nor quiet hours keep back. */
function alwaysText({ mandatory, urgent }: NoticeRule): string {
  return [...(mandatory === true ? ['mandatory'] : []), ...(urgent === true ? ['urgent'] : [])].join(', ');
}

function statusText({ status, reason, answer, heldUntil }: Notification, { time }: Session['format']): string {
  if (heldUntil !== null) return `waiting until ${time(heldUntil)}`;
  const why = answer ?? reason;
  return why === null || status === 'sent' ? status : `${status}: ${why}`;
}

function recipientText(to: NoticeRecipient): string {
  switch (to.kind) {
    case 'role':
      return `role ${to.role}`;
    case 'team':
      return `team ${to.team}`;
    case 'address':
      return [to.email, to.phone].filter((each) => each !== undefined).join(', ');
    case 'person':
    case 'owner':
      return to.kind;
  }
}
