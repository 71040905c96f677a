import type { ActorServices, EmailSettings, NoticeBook, OutboundSettings, SmsSettings } from '../src/index.js';
import type { Storage } from '../src/storage/storage.js';
import { localTarget } from './outbound-desk.js';
import { loanLead, newStore, type TestStore } from './store.js';

/** A mail server on this machine, without TLS. */
export function emailAt({ port }: { readonly port: number }, more: Partial<EmailSettings> = {}): EmailSettings {
  const from = 'no-reply@acme.example';
  return { host: '127.0.0.1', port, allowInsecure: true, from, fromName: 'Acme Loans', timeoutMillis: 30_000, ...more };
}

/** A provider on this machine, without TLS. */
export function smsAt(
  there: { readonly port: number },
  more: Partial<SmsSettings> = {},
): { readonly sms: SmsSettings; readonly outbound: OutboundSettings } {
  return {
    sms: {
      target: 'sms',
      path: '/v1/messages',
      body: '{"to":"{{toDigits}}","message":"{{text}}","sender":"{{senderId}}","entity":"{{entityId}}","template":"{{templateId}}","ref":"{{id}}"}',
      entityId: '1201159999999999999',
      ...more,
    },
    outbound: { targets: { sms: localTarget(there) } },
  };
}

const email = { channel: 'email', language: 'en' } as const;

/** Tells the person of a new lead by both channels, its owner of moves, and a post box of both. */
export const loanNotices: NoticeBook = {
  templates: [
    {
      ...{ ...email, name: 'received' },
      subject: 'We have your enquiry {{lead.number}}',
      text: 'Dear {{person.name}}, we have your enquiry {{lead.number}} of {{event.date}}.',
      html: '<p>Dear {{person.name}}, we have your enquiry <b>{{lead.number}}</b>.</p>',
    },
    {
      ...{ name: 'received', channel: 'sms', language: 'en' },
      text: 'Dear {{person.name}}, we have your enquiry {{lead.number}}.',
      dlt: { templateId: '1207161234567890123', senderId: 'ACMELN' },
    },
    {
      ...{ name: 'received', channel: 'sms', language: 'hi' },
      text: 'नमस्ते {{person.name}}, आपका आवेदन {{lead.number}} मिला।',
      dlt: { templateId: '1207161234567890124', senderId: 'ACMELN' },
    },
    {
      ...{ ...email, name: 'moved' },
      subject: '{{lead.number}} is {{stage.to}}',
      text: 'It was {{stage.from}}. Owner: {{owner.name|nobody}}.',
    },
  ],
  rules: [
    {
      name: 'tell-applicant',
      event: 'lead.created',
      to: { kind: 'person' },
      channels: ['email', 'sms'],
      template: 'received',
      languages: ['en', 'hi'],
      languageField: 'city',
    },
    {
      name: 'tell-desk',
      event: 'lead.stage_changed',
      stages: ['lost'],
      to: { kind: 'address', email: 'desk@acme.example' },
      channels: ['email'],
      template: 'moved',
    },
    {
      name: 'tell-owner',
      event: 'lead.stage_changed',
      to: { kind: 'owner' },
      channels: ['email'],
      template: 'moved',
    },
  ],
};

/** A store with {@link loanNotices}. */
export async function noticeStore(
  storage: Storage,
  settings: Parameters<typeof newStore>[2],
  book: NoticeBook = loanNotices,
): Promise<TestStore> {
  const desk = await newStore(storage, undefined, settings);
  await desk.admin.notifications.publish(book);
  for (const purpose of ['contact-by-email', 'contact-by-sms']) {
    await desk.admin.consents.wordings.add({ purpose, language: 'en', text: 'You may tell me how it goes.' });
  }
  return desk;
}

/** Makes a lead whose person may be told by these channels. */
export async function leadToTell(
  admin: ActorServices,
  fields: Readonly<Record<string, unknown>> = {},
  channels: readonly ('email' | 'sms')[] = ['email', 'sms'],
): Promise<{ readonly id: string; readonly number: string }> {
  const lead = await admin.leads.create(loanLead(fields));
  for (const channel of channels) {
    await admin.consents.give(lead.id, {
      purpose: `contact-by-${channel}`,
      wording: { language: 'en' },
      source: 'web',
    });
  }
  return lead;
}

/** What happened is handed out in the first round, and sent in the second. */
export async function send({ lms }: TestStore): Promise<void> {
  await lms.tick();
  await lms.tick();
}
