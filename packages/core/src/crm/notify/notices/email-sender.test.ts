import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { type Certified, testAuthority } from '../../../../test-support/certificates.js';
import { mailCatcher } from '../../../../test-support/mail-catcher.js';
import { emailAt } from '../../../../test-support/notice-desk.js';
import { type SecretSource, secretSource } from '../../../foundation/outbound/index.js';
import { EmailSender } from './email-sender.js';
import type { EmailMessage, SendResult } from './notice-message.js';
import { type EmailSettings, notifySettings } from './notify-settings.js';

const message: EmailMessage = {
  channel: 'email',
  id: '01a202c2-bd9d-8506-9b13-9401c0d1815d',
  to: 'asha@example.in',
  subject: 'We have your enquiry',
  text: 'Dear Asha',
  html: null,
};
const authority = testAuthority();
const issued: Certified = authority.issue('127.0.0.1');
const environment = { AUTHORITY: authority.certificate, OTHERS: testAuthority().certificate, PASSWORD: 'open' };
const open: EmailSender[] = [];

function senderOf(email: EmailSettings, secrets: SecretSource = secretSource({ environment })): EmailSender {
  const settings = notifySettings({ email }).email;
  if (settings === null) throw new Error('no settings');
  const sender = new EmailSender(settings, secrets);
  open.push(sender);
  return sender;
}

function sent(email: EmailSettings, given: EmailMessage = message): Promise<SendResult> {
  return senderOf(email).send(given, new AbortController().signal);
}

afterAll(() => Promise.all(open.map((sender) => sender.close())));

describe('an email', () => {
  it('is given to the server with a Message-ID that stays', async () => {
    await using there = await mailCatcher();
    const sender = senderOf(emailAt(there));
    for (let count = 0; count < 2; count += 1) {
      expect(await sender.send(message, new AbortController().signal)).toEqual({ kind: 'sent', answer: 'SMTP 250' });
    }
    expect(there.caught).toHaveLength(2);
    for (const { raw, to, from } of there.caught) {
      expect({ to, from }).toEqual({ to: ['asha@example.in'], from: 'no-reply@acme.example' });
      expect(raw).toContain(`Message-ID: <${message.id}@acme.example>`);
      expect(raw).toMatch(/From: "?Acme Loans"? <no-reply@acme\.example>/);
      expect(raw).toContain('Auto-Submitted: auto-generated');
    }
  });

  it('has no header but its own, whatever the subject holds', async () => {
    await using there = await mailCatcher();
    await sent(emailAt(there), { ...message, subject: 'Hello\r\nBcc: other@example.in', html: '<p>Hello</p>' });
    expect(there.named).toEqual(['asha@example.in']);
    expect(there.caught[0]?.raw).not.toMatch(/^Bcc:/im);
  });

  it('goes by STARTTLS to a server whose certificate is trusted, and by TLS from the start', async () => {
    for (const fromTheStart of [false, true]) {
      await using there = await mailCatcher({ tls: { ...issued, fromTheStart } });
      const settings = { ...emailAt(there), allowInsecure: false, secure: fromTheStart };
      expect(await sent({ ...settings, authorities: { env: 'AUTHORITY' } })).toMatchObject({ kind: 'sent' });
      expect(there.caught).toMatchObject([{ secure: true }]);
      expect(await sent({ ...settings, authorities: { env: 'OTHERS' } })).toMatchObject({ kind: 'again' });
      expect(there.caught).toHaveLength(1);
    }
  });

  it('does not go to a server that has no TLS, unless the settings say so', async () => {
    await using there = await mailCatcher();
    expect(await sent({ ...emailAt(there), allowInsecure: false })).toMatchObject({ kind: 'again' });
    expect(there.caught).toEqual([]);
  });

  it('is tried again after 4xx, and has failed for good after 5xx of its recipient', async () => {
    await using busy = await mailCatcher({ refuse: () => 451 });
    expect(await sent(emailAt(busy))).toEqual({ kind: 'again', answer: 'SMTP 451' });
    await using strict = await mailCatcher({ refuse: () => 550 });
    expect(await sent(emailAt(strict))).toEqual({ kind: 'refused', code: 'NOTICE_REFUSED', answer: 'SMTP 550' });
  });

  it('is tried again where the login fails, with the password as it is then', async () => {
    await using there = await mailCatcher({ user: { name: 'acme', password: 'open' }, tls: issued });
    let password = 'closed';
    const secrets: SecretSource = {
      read: async (reference) =>
        'env' in reference && reference.env === 'PASSWORD' ? password : authority.certificate,
    };
    const settings = { ...emailAt(there), allowInsecure: false, user: 'acme', password: { env: 'PASSWORD' } };
    const sender = senderOf({ ...settings, authorities: { env: 'AUTHORITY' } }, secrets);
    const { signal } = new AbortController();
    expect(await sender.send(message, signal)).toEqual({ kind: 'again', answer: 'SMTP 535' });
    password = 'open';
    expect(await sender.send(message, signal)).toMatchObject({ kind: 'sent' });
    await expect(sent({ ...settings, password: { env: 'NONE' } })).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  });

  it('waits no longer than allowed for a server that hangs or is not there', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await sent({ ...emailAt({ port }), timeoutMillis: 200 })).toMatchObject({ kind: 'again' });
    server.close();
    expect(await sent(emailAt({ port: 1 }))).toMatchObject({ kind: 'again' });
  });

  it('that took too long does not go on: its connection is closed', async () => {
    let closed: Promise<unknown> | null = null;
    // Talks on and on, so that the connection is never idle, and never comes to an end.
    const server = createServer((socket) => {
      let talking: NodeJS.Timeout | undefined;
      socket.write('220 mail.example\r\n');
      socket.once('data', () => {
        talking = setInterval(() => socket.write('250-more\r\n'), 20);
      });
      socket.on('error', () => undefined);
      closed = once(socket, 'close').then(() => clearInterval(talking));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const slow = { ...emailAt({ port }), timeoutMillis: 400 };
    expect(await sent(slow)).toEqual({ kind: 'again', answer: 'ETIMEDOUT' });
    expect(closed).not.toBeNull();
    await closed;
    server.close();
  });
});
