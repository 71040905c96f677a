import { type NoticeTemplate, plainEmail, plainPhone, type SentChannel, type SentTemplate } from './notice-book.js';
import type { NoticeMessage } from './notice-message.js';
import { asItIs, forHtml, renderText, type TemplateValues } from './template-text.js';

/** Of the message, besides what it says. */
export interface MessageHead {
  readonly id: string;
  readonly key: string;
  readonly to: string;
  readonly leadId: string | null;
}

/**
 * The message of a template.
 * @throws LmsError `NOTICE_VARIABLE_MISSING`
 */
export function messageOf(template: SentTemplate, values: TemplateValues, head: MessageHead): NoticeMessage {
  const { id, key, to, leadId } = head;
  const text = renderText(template.text, values, asItIs);
  if (template.channel === 'sms') return { channel: 'sms', id, key, to, text, dlt: template.dlt, leadId };
  const { subject, html } = template;
  return {
    channel: 'email',
    ...{ id, to, text },
    subject: renderText(subject, values, asItIs),
    html: html === undefined ? null : renderText(html, values, forHtml),
  };
}

/** @throws LmsError `NOTICE_VARIABLE_MISSING` */
export function inAppWords(
  { title, text, language }: Extract<NoticeTemplate, { readonly channel: 'in-app' }>,
  values: TemplateValues,
): { readonly title: string; readonly text: string; readonly language: string } {
  return { title: renderText(title, values, asItIs), text: renderText(text, values, asItIs), language };
}

/** Whether something can be sent there: addresses in plain forms alone. */
export function isReachable(channel: SentChannel, address: string | null | undefined): address is string {
  if (address === null || address === undefined || address.length > 254) return false;
  return (channel === 'email' ? plainEmail : plainPhone).test(address);
}
