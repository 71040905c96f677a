import { afterEach, describe, expect, it } from 'vitest';
import { mailCatcher } from '../../../../test-support/mail-catcher.js';
import { emailAt, leadToTell, noticeStore, send, smsAt } from '../../../../test-support/notice-desk.js';
import { type Answering, otherSystem } from '../../../../test-support/other-system.js';
import { makePlace } from '../../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../../test-support/store.js';
import { sqlite } from '../../../storage/sqlite.js';
import type { Storage } from '../../../storage/storage.js';
import type { EmailTemplate, NoticeBook } from './notice-book.js';
import type { Notification } from './notification.js';
import type { StoredNotification } from './notification-store.js';
import type { SmsSettings } from './notify-settings.js';

let opened: { readonly storage: Storage; readonly desk: TestStore } | null = null;
afterEach(() => opened?.desk.lms.close());

async function storeOf(settings: Parameters<typeof noticeStore>[1]): Promise<NonNullable<typeof opened>> {
  const storage = sqlite({ file: ':memory:' });
  opened = { storage, desk: await noticeStore(storage, settings) };
  return opened;
}

async function smsStore(answer: Answering, more: Partial<SmsSettings> = {}) {
  const there = await otherSystem(answer);
  const { sms, outbound } = smsAt(there, more);
  return { ...(await storeOf({ notify: { sms }, outbound })), there };
}

async function only({ admin }: TestStore, leadId: string, channel: Notification['channel']): Promise<Notification> {
  const found = (await admin.notifications.list({ leadId })).notifications.find((each) => each.channel === channel);
  if (found === undefined) throw new Error('nobody is to be told');
  return found;
}

/** As a process leaves it that was killed between the mark and the end of a try. */
async function leftSending(storage: Storage, id: string): Promise<void> {
  await storage.unitOfWork.run('ledger', async (unit) => {
    const found = await storage.notifications.get(unit, id);
    if (found === null) throw new Error('it is not there');
    const left: StoredNotification = { ...found, status: 'sending', attempts: 1, version: found.version + 1 };
    await storage.notifications.save(unit, left);
  });
}

describe('an email', () => {
  it('is tried until the server takes it, then less and less often until it has failed; then it can be sent again', async () => {
    let busy = true;
    await using there = await mailCatcher({ refuse: () => (busy ? 451 : null) });
    const { desk } = await storeOf({ notify: { email: emailAt(there), maxAttempts: 3 } });
    const { id } = await leadToTell(desk.admin, { email: 'asha@example.in' });
    await send(desk);
    expect(await only(desk, id, 'email')).toMatchObject({
      ...{ status: 'waiting', reason: 'NOTICE_NOT_SENT', answer: 'SMTP 451', attempts: 1 },
    });
    await desk.lms.tick();
    expect(there.named, 'before its pause is over').toHaveLength(1);
    desk.clock.advance('61m');
    const findings = await desk.lms.check();
    expect(findings.find(({ name }) => name === 'notifications')).toMatchObject({
      ok: false,
      message: expect.stringContaining('2 waiting; one has waited for'),
    });
    for (let count = 0; count < 2; count += 1) {
      desk.clock.advance('3h');
      await desk.lms.tick();
    }
    const failed = await only(desk, id, 'email');
    expect(failed).toMatchObject({ status: 'failed', reason: 'NOTICE_NOT_SENT', attempts: 3 });
    expect(there.named).toHaveLength(3);
    expect((await desk.lms.health()).notifications).toMatchObject({ waiting: 0, failed: 2, unknown: 0, ok: true });
    expect((await desk.lms.health()).jobs.ok, 'the job did what it could').toBe(true);
    busy = false;
    await desk.admin.notifications.retry(failed.id);
    await desk.lms.tick();
    expect(await only(desk, id, 'email')).toMatchObject({ status: 'sent', reason: null, answer: 'SMTP 250' });
    await expect(desk.admin.notifications.retry(failed.id)).rejects.toMatchObject({ code: 'NOTIFICATION_CONFLICT' });
  });

  it('is sent again under its Message-ID where a process died while it sent', async () => {
    await using there = await mailCatcher();
    const { desk, storage } = await storeOf({ notify: { email: emailAt(there) } });
    const { id } = await leadToTell(desk.admin, { email: 'asha@example.in' });
    await desk.lms.tick();
    const { id: notification } = await only(desk, id, 'email');
    await leftSending(storage, notification);
    await desk.lms.tick();
    expect(there.caught[0]?.raw).toContain(`Message-ID: <${notification}@acme.example>`);
    expect(await only(desk, id, 'email')).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('without a value for a variable is not sent, and says which', async () => {
    await using there = await mailCatcher();
    const template: EmailTemplate = {
      ...{ name: 'received', channel: 'email', language: 'en', subject: 'Owner {{owner.name}}', text: 'Hello' },
    } as const;
    const rule = { name: 'tell', event: 'lead.created', to: { kind: 'person' }, channels: ['email'] } as const;
    const storage = sqlite({ file: ':memory:' });
    const book: NoticeBook = { templates: [template], rules: [{ ...rule, template: 'received' }] };
    const desk = await noticeStore(storage, { notify: { email: emailAt(there) } }, book);
    opened = { storage, desk };
    const { id } = await leadToTell(desk.admin, { email: 'asha@example.in' });
    await send(desk);
    expect(await only(desk, id, 'email')).toMatchObject({ status: 'failed', reason: 'NOTICE_VARIABLE_MISSING' });
    expect(there.named).toEqual([]);
    // Mended, it goes by the new template.
    const mended: NoticeBook = { ...book, templates: [{ ...template, subject: 'Owner {{owner.name|to be found}}' }] };
    await desk.admin.notifications.publish(mended, { expectedVersion: 1 });
    await desk.admin.notifications.retry((await only(desk, id, 'email')).id);
    await send(desk);
    expect(there.caught[0]?.raw).toContain('Subject: Owner to be found');
  });

  it('waits where the settings lack its channel, and is not lost', async () => {
    const { desk } = await storeOf({ notify: {} });
    const { id } = await leadToTell(desk.admin, { email: 'asha@example.in' });
    await send(desk);
    expect(await only(desk, id, 'email')).toMatchObject({ status: 'waiting', reason: 'NOTICE_CHANNEL_OFF' });
  });

  it('gets a job again where its own was cancelled, or a process died in the last try', async () => {
    const { desk, storage } = await storeOf({ notify: {} });
    const { admin, clock, lms } = desk;
    const { id } = await leadToTell(admin);
    await lms.tick();
    for (const job of (await admin.jobs.list({ kind: 'notify.send' })).jobs) await admin.jobs.cancel(job.id);
    await leftSending(storage, (await only(desk, id, 'sms')).id);
    await lms.tick();
    expect(await only(desk, id, 'email')).toMatchObject({ status: 'waiting', attempts: 0 });
    clock.advance('5h');
    await send(desk);
    expect(await only(desk, id, 'email')).toMatchObject({ status: 'suppressed' });
    expect(await only(desk, id, 'sms')).toMatchObject({ status: 'unknown' });
  });

  it('is forgotten in time', async () => {
    const { desk } = await storeOf({ notify: { keptDays: 2 } });
    await leadToTell(desk.admin, { email: 'asha@example.in' });
    await desk.lms.tick();
    expect((await desk.admin.notifications.list()).notifications).toHaveLength(2);
    desk.clock.advance('72h');
    await desk.lms.tick();
    expect((await desk.admin.notifications.list()).notifications).toEqual([]);
  });
});

it('neither an address nor a word of what was sent lies in the store in the clear', async () => {
  await using mail = await mailCatcher();
  await using provider = await otherSystem((_request, response) => response.end('{}'));
  const { sms, outbound } = smsAt(provider);
  const place = await makePlace('sqlite');
  const desk = await noticeStore(place.handle(), { notify: { email: emailAt(mail), sms }, outbound });
  const person = { fullName: 'Zarina Quillfeather', email: 'zarina.q@example.in', mobile: '9811177665' };
  await leadToTell(desk.admin, person);
  await send(desk);
  expect([mail.caught.length, provider.received.length]).toEqual([1, 1]);
  await desk.lms.close();
  const raw = await place.raw();
  await place.remove();
  expect(raw).toContain('tell-applicant');
  for (const personal of ['Quillfeather', 'zarina.q', '9811177665']) expect(raw).not.toContain(personal);
});

describe('an SMS', () => {
  it('is not sent again where nobody knows whether it was', async () => {
    const { desk, storage, there } = await smsStore((_request, response) => response.end());
    const { id } = await leadToTell(desk.admin);
    await desk.lms.tick();
    const { id: notification } = await only(desk, id, 'sms');
    await leftSending(storage, notification);
    await desk.lms.tick();
    expect(there.received).toEqual([]);
    expect(await only(desk, id, 'sms')).toMatchObject({ status: 'unknown', reason: 'NOTICE_OUTCOME_UNKNOWN' });
    // Somebody has looked, and has it sent.
    await desk.admin.notifications.retry(notification);
    await desk.lms.tick();
    expect(there.received).toHaveLength(1);
    expect(await only(desk, id, 'sms')).toMatchObject({ status: 'sent' });
    await there[Symbol.asyncDispose]();
  });

  it.each([
    [200, {}, 'sent', null],
    [429, {}, 'waiting', 'NOTICE_NOT_SENT'],
    [503, {}, 'waiting', 'NOTICE_NOT_SENT'],
    [500, {}, 'unknown', 'NOTICE_OUTCOME_UNKNOWN'],
    [500, { knowsRepeats: true }, 'waiting', 'NOTICE_NOT_SENT'],
    [400, {}, 'failed', 'NOTICE_REFUSED'],
  ] as const)('that is answered %i with %j is %s', async (status, more, outcome, reason) => {
    const { desk, there } = await smsStore((_request, response) => {
      response.statusCode = status;
      response.end();
    }, more);
    const { id } = await leadToTell(desk.admin);
    await send(desk);
    expect(await only(desk, id, 'sms')).toMatchObject({ status: outcome, reason, answer: `HTTP ${status}` });
    if (status === 500)
      expect(there.received[0]?.headers['idempotency-key'] !== undefined).toBe('knowsRepeats' in more);
    await there[Symbol.asyncDispose]();
  });

  it.each([
    ['GET', 500, 'unknown'],
    ['PUT', 500, 'unknown'],
    ['GET', 401, 'waiting'],
    ['GET', 503, 'waiting'],
  ] as const)('by %s is asked for once a try, and answered %i it is %s', async (method, status, outcome) => {
    await using there = await otherSystem((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    const { outbound, sms } = smsAt(there);
    const { target, path } = sms;
    const query = { to: '{{toDigits}}', text: '{{text}}', from: '{{senderId}}' };
    const { entityId = '' } = sms;
    const { desk } = await storeOf({ notify: { sms: { target, path, method, query, entityId } }, outbound });
    const { id } = await leadToTell(desk.admin, { mobile: '9811100009' });
    await send(desk);
    expect(there.received).toHaveLength(1);
    expect(there.received[0]?.url).toContain('to=919811100009');
    expect(await only(desk, id, 'sms')).toMatchObject({ status: outcome, answer: `HTTP ${status}` });
  });

  it('in a form is escaped as one', async () => {
    const body = 'to={{to}}&text={{text}}&from={{senderId}}';
    const { desk, there } = await smsStore((_request, response) => response.end(), { body, bodyKind: 'form' });
    await leadToTell(desk.admin, { fullName: 'A & B = C', mobile: '9811100010' });
    await send(desk);
    const [received] = there.received;
    expect(received?.headers['content-type']).toContain('application/x-www-form-urlencoded');
    const form = new URLSearchParams(received?.body);
    expect([form.get('to'), form.get('from')]).toEqual(['+919811100010', 'ACMELN']);
    expect(form.get('text')).toContain('Dear A & B = C, we have');
    await there[Symbol.asyncDispose]();
  });

  it.each([
    [400, 'NOTICE_REFUSED', '-2'],
    [500, 'NOTICE_NOT_SENT', ''],
  ] as const)(
    'that failed with %i goes out again under %s with the key it had and "%s"',
    async (status, reason, more) => {
      let answer: number = status;
      await using there = await otherSystem((_request, response) => {
        response.statusCode = answer;
        response.end();
      });
      const { sms, outbound } = smsAt(there, { knowsRepeats: true });
      const { desk } = await storeOf({ notify: { sms, maxAttempts: 1 }, outbound });
      const { id } = await leadToTell(desk.admin);
      await send(desk);
      const failed = await only(desk, id, 'sms');
      expect(failed).toMatchObject({ status: 'failed', reason });
      answer = 200;
      await desk.admin.notifications.retry(failed.id);
      await desk.lms.tick();
      expect(await only(desk, id, 'sms')).toMatchObject({ status: 'sent' });
      const keys = there.received.map(({ headers }) => headers['idempotency-key']);
      expect([keys[0], keys.at(-1)]).toEqual([failed.id, `${failed.id}${more}`]);
      const { rows } = await desk.admin.audit.list({ limit: 100 });
      const versions = rows
        .filter(({ aggregate }) => aggregate.id === failed.id)
        .map(({ aggregate }) => aggregate.version);
      expect(versions, 'failed, retried, sent').toHaveLength(3);
      expect(new Set(versions).size).toBe(3);
    },
  );

  it('that another worker took for one whose end nobody knows is told as it ended, by who knows', async () => {
    let takeOver: () => Promise<void> = async () => undefined;
    const { desk, storage, there } = await smsStore((_request, response) => {
      void takeOver().then(() => response.end());
    });
    const { id } = await leadToTell(desk.admin);
    takeOver = async () => {
      const { id: notification } = await only(desk, id, 'sms');
      const jobs = await storage.jobs.list({ kind: 'notify.send', status: 'running', limit: 9 });
      const running = jobs.find(({ dedupeKey }) => dedupeKey === notification);
      await storage.unitOfWork.run('ledger', async (unit) => {
        const found = await storage.notifications.get(unit, notification);
        const job = running === undefined ? null : await storage.jobs.get(unit, running.id);
        if (found === null || job === null) throw new Error('nobody sends it');
        await storage.notifications.save(unit, { ...found, status: 'unknown', version: found.version + 1 });
        const ended = { status: 'done', leaseUntil: null, leaseHolder: null, fence: job.fence + 1 } as const;
        await storage.jobs.update(unit, { ...job, ...ended, finishedAt: job.startedAt });
      });
    };
    await send(desk);
    expect(there.received).toHaveLength(1);
    expect(await only(desk, id, 'sms')).toMatchObject({ status: 'sent', reason: null, version: 4 });
    await there[Symbol.asyncDispose]();
  });

  it('waits where the secret is missing in this process; a target that is none is refused at the start', async () => {
    await using there = await otherSystem((_request, response) => response.end());
    const { sms, outbound } = smsAt(there);
    const [target] = Object.values(outbound.targets ?? {});
    if (target === undefined) throw new Error('there is no target');
    const headers = { authorization: { secret: { env: 'LMS_TEST_NO_SUCH_SECRET' }, prefix: 'Bearer ' } };
    const { desk } = await storeOf({ notify: { sms }, outbound: { targets: { sms: { ...target, headers } } } });
    const { id } = await leadToTell(desk.admin);
    await send(desk);
    expect(await only(desk, id, 'sms')).toMatchObject({ status: 'waiting', reason: 'SECRET_MISSING' });
    expect(there.received).toEqual([]);
    const opening = newStore(sqlite({ file: ':memory:' }), undefined, { notify: { sms: { ...sms, target: 'none' } } });
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('is unknown where the provider takes it and then hangs up', async () => {
    const { desk, there } = await smsStore((_request, response) => response.destroy());
    const { id } = await leadToTell(desk.admin);
    await send(desk);
    expect(there.received).toHaveLength(1);
    expect(await only(desk, id, 'sms')).toMatchObject({ status: 'unknown' });
    await there[Symbol.asyncDispose]();
  });

  it('goes to no number of India without its registration, and is no longer than allowed', async () => {
    const { desk, there } = await smsStore((_request, response) => response.end(), { mostParts: 1 });
    const { admin } = desk;
    const sms = { name: 'abroad', channel: 'sms', language: 'en', dlt: null } as const;
    const templates = [
      { ...sms, text: 'Hello {{person.name}}' },
      { ...sms, name: 'long', text: 'x'.repeat(161) },
    ];
    await admin.notifications.publish({ templates, rules: [] });
    const test = { channel: 'sms', template: 'abroad' } as const;
    await expect(admin.notifications.test({ ...test, to: '+919000000001' })).rejects.toMatchObject({
      code: 'NOTICE_DLT_MISSING',
    });
    expect(await admin.notifications.test({ ...test, to: '+14155550100' })).toMatchObject({
      ...{ sent: true, code: null, answer: 'HTTP 200', language: 'en', length: { encoding: 'gsm-7', parts: 1 } },
    });
    expect(JSON.parse(there.received[0]?.body ?? '{}')).toMatchObject({ to: '14155550100', message: 'Hello Asha Rao' });
    await expect(admin.notifications.test({ ...test, template: 'long', to: '+14155550100' })).rejects.toMatchObject({
      code: 'NOTICE_TOO_LONG',
    });
    await expect(admin.notifications.test({ ...test, to: 'x@example.in' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(
      admin.notifications.test({ channel: 'email', template: 'abroad', to: 'x@example.in' }),
    ).rejects.toMatchObject({ code: 'NOTICE_TEMPLATE_NOT_FOUND' });
    const { rows } = await admin.audit.list({ eventType: 'notification.tested', limit: 9 });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('4155550100');
    await there[Symbol.asyncDispose]();
  });
});
