import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { smsAt } from '../test-support/notice-desk.js';
import { type OtherSystem, otherSystem } from '../test-support/other-system.js';
import { localTarget } from '../test-support/outbound-desk.js';
import { rawFiles, rawTables } from '../test-support/raw-store.js';
import { allShapes, makePlace, type StorePlace, testedShapes } from '../test-support/shapes.js';
import { loanFields, loanLead, newStore, root } from '../test-support/store.js';
import { receiversAt } from '../test-support/webhook-desk.js';
import {
  createLms,
  type Lms,
  type LmsOptions,
  logTo,
  maskedLogging,
  type NoticeBook,
  type OutboundEvent,
  type Storage,
} from './index.js';
import { TestClock, testKey } from './testing/index.js';

/** Personal data that nothing else holds, by the way in which it comes into the store. */
const planted = {
  name: 'Zubeda Qxvantal',
  mobile: '9812345670',
  email: 'zubeda.qxvantal@qxmail.example',
  pan: 'ZQXPV4821L',
  remarks: 'limps since the accident at Qxridge',
  updated: 'sold the Qxmarket stall',
  note: 'her brother Qxirfan answered',
  comment: 'moved to Qxpura',
  outcome: 'asked for Qxloan',
  imported: 'Imtiaz Qxkerwal',
  importedMobile: '9812345671',
  rejected: 'Nobody Qxreject',
  refused: 'Refused Qxcommand',
  given: 'speaks Qxdialect',
  agreed: 'agreed at the Qxcounter',
  document: 'scans/qxform-7731.pdf',
  withdrawn: 'found Qxelsewhere',
  blocked: 'asleep by Qxdusk',
  queued: 'Queenie Qxdetached',
  queuedMobile: '9812345672',
  queuedReject: 'Noone Qxqueued',
  asked: 'what of Qxbody',
  answered: 'known as Qxbureau',
  echoed: 'heard of Qxwebhook',
  thrown: 'fell over Qxthrown',
} as const;
/** The phones also as they are kept. */
const words = [...Object.values(planted), '+919812345670', '+919812345671', '+919812345672'];
/** Of no class, so that it lies in the clear: once erased, only where the trail tells of it, and webhooks told what the trail shows. */
const city = 'Qxcity';
const whereClear = ['audit', 'webhook_deliveries'];

let folder: string;
let sheet: string;
let queue: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-erased-'));
  sheet = join(folder, 'sheet.csv');
  queue = join(folder, 'queue.csv');
  const { imported, importedMobile, rejected, queued, queuedMobile, queuedReject } = planted;
  await writeFile(sheet, sheetOf([imported, importedMobile], [rejected, '12']));
  await writeFile(queue, sheetOf([queued, queuedMobile], [queuedReject, '13']));
});

/** What is put aside on the way lies in here. */
let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'lms-temporary-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true, force: true });
});

function sheetOf(...people: readonly (readonly [name: string, mobile: string])[]): string {
  const rows = people.map(([name, mobile]) => `${name},${mobile},500000`);
  return ['Full name,Mobile number,Loan amount', ...rows, ''].join('\n');
}

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Planted {
  readonly lms: Lms;
  readonly leads: readonly string[];
  /** What callers were told, of what was refused too; what other systems were told of events, and logs of calls. */
  readonly told: string;
  /** Lines that a masking logger wrote. */
  readonly log: string;
}

/** Other systems: one is told of events, one is asked about a lead and sends messages. Both say what they should not. */
interface Outside extends AsyncDisposable {
  readonly receiver: OtherSystem;
  readonly bureau: OtherSystem;
}

async function outside(): Promise<Outside> {
  const saying = (text: string): Promise<OtherSystem> =>
    otherSystem((_request, response) => response.writeHead(200, { 'x-note': text }).end(text));
  const [receiver, bureau] = await Promise.all([saying(planted.echoed), saying(planted.answered)]);
  return {
    receiver,
    bureau,
    async [Symbol.asyncDispose]() {
      await Promise.all([receiver, bureau].map((system) => system[Symbol.asyncDispose]()));
    },
  };
}

/** Lines of logs: of calls to other systems, and of everything by a logger. */
interface Lines {
  readonly calls: OutboundEvent[];
  readonly log: string[];
}

/** Handlers that fail with what they were given. */
function optionsWith({ receiver, bureau }: Outside, lines: Lines): Partial<LmsOptions> {
  const { thrown, mobile, pan, email } = planted;
  const fails = async (): Promise<never> => {
    throw new Error(`${thrown}: ${mobile} ${pan} ${email}`);
  };
  const logger = pino({ level: 'debug', ...maskedLogging }, { write: (line) => void lines.log.push(line) });
  return {
    webhooks: receiversAt([receiver]),
    notify: { sms: smsAt(bureau).sms },
    outbound: {
      targets: { bureau: localTarget(bureau), sms: localTarget(bureau) },
      log: (call) => lines.calls.push(call),
    },
    jobs: { handlers: [{ kind: 'test.failing', maxAttempts: 1, run: fails }] },
    consumers: [{ name: 'test-failing', types: ['lead.created'], handle: fails }],
    telemetry: logTo(logger),
  };
}

/** Tells people of their leads by name. */
const notices: NoticeBook = {
  templates: [
    {
      ...{ name: 'received', channel: 'sms', language: 'en', text: 'Dear {{person.name}}, we have {{lead.number}}.' },
      dlt: { templateId: '1207161234567890123', senderId: 'ACMELN' },
    },
  ],
  rules: [
    {
      ...{ name: 'tell-applicant', event: 'lead.created', to: { kind: 'person' }, channels: ['sms'] },
      ...{ template: 'received', languages: ['en'] },
    },
  ],
};

/** A lead into which personal data went in every way there is, and others beside it. */
async function plant(storage: Storage, there: Outside): Promise<Planted> {
  const lines: Lines = { calls: [], log: [] };
  const { lms, admin, user } = await newStore(storage, now, optionsWith(there, lines));
  await user('ravi', ['agent']);
  const endpoint = { eventTypes: ['*'], include: 'masked' } as const;
  await admin.notifications.publish(notices);
  await admin.webhooks.add({ ...endpoint, url: `${there.receiver.url}/events` });
  const { name: fullName, mobile, email, pan, remarks } = planted;
  const lead = await admin.leads.create(loanLead({ fullName, mobile, email, pan, remarks, city }), {
    idempotencyKey: 'planted',
  });
  await admin.leads.update(lead.id, { fields: { remarks: planted.updated } });
  await admin.leads.addActivity(lead.id, { type: 'NOTE', text: planted.note });
  await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: planted.outcome } });
  await admin.leads.move(lead.id, { to: 'contacted', comment: planted.comment });
  await admin.leads.assign(lead.id, { to: 'ravi', reason: planted.given });
  await admin.imports.mappings.save({ productLine: 'personal-loan', name: 'sheet', document: { columns: {} } });
  await admin.imports.run({ file: sheet, productLine: 'personal-loan' });
  await admin.schemas.saveDraft({ ...Object(await admin.schemas.definition('personal-loan')), name: 'Draft' });
  const again = { productLine: 'personal-loan', fields: loanFields({ fullName: planted.refused, mobile }) };
  const refused: unknown = await admin.leads.create(again).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'LEAD_DUPLICATE' });
  await plantConsents(lms, lead.id);
  await admin.timers.set({ key: `recall/${lead.id}`, dueAt: now, data: { lead: lead.id } });
  const detached = await admin.imports.detach({ file: queue, productLine: 'personal-loan' });
  await admin.jobs.add({ kind: 'test.failing', payload: { lead: lead.id } });
  await plantOutside(lms, lead.id);
  // What happened is handed out in the first round, and notices of it are sent in the second.
  await lms.tick();
  await lms.tick();
  const { jobs } = await admin.jobs.list();
  const ended = new Set(jobs.map(({ kind, status }) => `${kind} ${status}`));
  expect(ended).toEqual(new Set(['import.run done', 'notify.send done', 'test.failing dead']));
  const { consumers } = await admin.events.consumers();
  expect(consumers).toContainEqual(expect.objectContaining({ name: 'test-failing', lastError: 'INTERNAL' }));
  const heard = there.receiver.received.map(({ url, headers, body }) => ({ url, headers, body }));
  expect(heard.map(({ body }) => JSON.parse(body).type)).toContain('lead.created');
  expect(lines.calls).toMatchObject([
    { event: 'outbound.answered', path: '/people/{pan}' },
    { event: 'outbound.answered', target: 'sms' },
  ]);
  const { notifications } = await admin.notifications.list({ leadId: lead.id });
  expect(notifications).toMatchObject([{ recipient: 'person', status: 'sent' }]);
  await lms.settle();
  const others = [planted.importedMobile, planted.queuedMobile].map((phone) => admin.leads.find(phone));
  const leads = (await Promise.all(others)).flatMap((found) => found.leads.map((each) => each.lead.id));
  const told = [refused, jobs, detached, consumers, heard, lines.calls, notifications, await lms.check()];
  return {
    lms,
    leads: [lead.id, ...leads],
    told: inspect(told, { depth: 12, maxArrayLength: null, maxStringLength: null }),
    log: lines.log.join(''),
  };
}

/** A call about the lead, and an export of which the trail tells whom it looked for. */
async function plantOutside(lms: Lms, lead: string): Promise<void> {
  const { outbound, leads } = lms.as(root);
  const { mobile: phone, pan, asked } = planted;
  await outbound.call({
    target: 'bureau',
    purpose: 'bureau-pull',
    method: 'POST',
    path: '/people/{pan}',
    parameters: { pan },
    query: { phone },
    body: asked,
    idempotencyKey: `pull-${pan}`,
    subject: { kind: 'lead', id: lead },
  });
  const filter = { productLine: 'personal-loan', phone, where: [{ field: 'pan', value: pan }] };
  const file = join(folder, `${lead}.xlsx`);
  expect(await leads.export({ filter, format: 'xlsx', to: { file } })).toMatchObject({ leads: 1 });
}

const now = '2026-01-15T04:30:00.000Z';

async function plantConsents(lms: Lms, lead: string): Promise<void> {
  const { consents } = lms.as(root);
  const purpose = 'contact-by-call';
  await consents.wordings.add({ purpose, language: 'en', text: 'You may call me.' });
  const { agreed: note, document } = planted;
  await consents.give(lead, { purpose, wording: { language: 'en' }, source: 'paper', evidence: { note, document } });
  await consents.withdraw(lead, { purpose, source: 'call', reason: planted.withdrawn });
  const told = 'contact-by-sms';
  await consents.wordings.add({ purpose: told, language: 'en', text: 'You may write to me.' });
  await consents.give(lead, { purpose: told, wording: { language: 'en' }, source: 'web' });
  await consents.block(lead, { channel: 'call', source: 'call', reason: planted.blocked });
}

async function erase(lms: Lms, leads: readonly string[]): Promise<void> {
  for (const lead of leads) await lms.as(root).leads.erase(lead, { reason: 'person-asked' });
  await lms.settle();
}

function found(text: string): readonly string[] {
  return words.filter((word) => text.includes(word));
}

const shapes = process.env['LMS_TEST_FULL'] === '1' ? allShapes : testedShapes;

describe.each(shapes)('personal data on %s', (shape) => {
  test('lies nowhere in the clear, and can be read nowhere once it is erased', async () => {
    const place = await makePlace(shape);
    const backups = join(folder, shape);
    const first = join(backups, 'first.lmsbackup');
    const second = join(backups, 'second.lmsbackup');
    const restored = await makePlace(shape);
    await mkdir(backups);
    await using there = await outside();
    try {
      const { lms, leads, told, log } = await plant(place.handle(), there);
      // What a handler of somebody's own throws in words is theirs.
      expect(found(log)).toEqual([planted.thrown]);
      expect(leads).toHaveLength(3);
      expect(found(`${await place.raw()}${await rawFiles(temporary)}${told}`)).toEqual([]);
      const wrapped = await wrappedKeys(place, leads);
      expect(wrapped).toHaveLength(3);
      await lms.as(root).backups.create({ file: first });

      await erase(lms, leads);
      await lms.as(root).backups.create({ file: second });
      const shown = await everythingShown(lms, leads);
      await lms.close();
      const raw = await place.raw();
      expect(found(raw + shown)).toEqual([]);
      expect(await tablesWith(place, city)).toEqual(whereClear);
      expect(wrapped.filter((key) => raw.includes(key))).toEqual([]);
      expect(found((await rawFiles(backups)) + (await rawFiles(temporary)))).toEqual([]);

      // The older backup has the keys; the list of the later one takes them back.
      const again = await createLms({ storage: restored.handle(), key: testKey, clock: new TestClock(later) });
      expect(await again.restore({ file: first })).toMatchObject({ destroyedKeys: 3 });
      for (const lead of leads) {
        expect(await again.as(root).leads.get(lead)).toMatchObject({ values: {}, name: null, properties: {} });
      }
      await again.as(root).store.rebuildFacts();
      const back = await everythingShown(again, leads);
      const { mobile, pan } = planted;
      expect(await again.as(root).leads.checkCreate(loanLead({ mobile, pan }))).toMatchObject({ kind: 'creatable' });
      await again.close();
      const rawAgain = await restored.raw();
      expect(found(rawAgain + back)).toEqual([]);
      expect(await tablesWith(restored, city)).toEqual(whereClear);
      expect(wrapped.filter((key) => rawAgain.includes(key))).toEqual([]);
    } finally {
      await place.remove();
      await restored.remove();
    }
  });
});

/** Names of the tables and collections in which a text lies. */
async function tablesWith({ address, raw }: StorePlace, text: string): Promise<readonly string[]> {
  const tables = address.shape === 'sqlite' ? rawTables(address.file) : await raw();
  const lines = tables.split('\n').filter((line) => line.includes(text));
  return lines.map((line) => line.slice(0, line.indexOf(':'))).sort();
}

const later = '2026-03-01T00:00:00.000Z';

async function wrappedKeys(
  place: Awaited<ReturnType<typeof makePlace>>,
  leads: readonly string[],
): Promise<readonly string[]> {
  const storage = place.handle();
  await storage.open();
  const keys = await storage.dataKeys.find(null, 'lead', leads);
  await storage.close();
  return keys.map(({ wrapped }) => wrapped);
}

/** What an admin is shown of the leads in every way. */
async function everythingShown(lms: Lms, leads: readonly string[]): Promise<string> {
  const admin = lms.as(root);
  const file = join(folder, `${Math.trunc(performance.now() * 1000)}.csv`);
  await admin.leads.export({ filter: { productLine: 'personal-loan' }, format: 'csv', to: { file } });
  const shown: unknown[] = [
    await readFile(file, 'utf8'),
    await admin.leads.list().page(),
    await admin.leads.board({ productLine: 'personal-loan' }),
    await admin.audit.list({ limit: 500 }),
    await admin.imports.list(),
    await admin.jobs.list(),
    await admin.notifications.list(),
  ];
  for (const { id } of await admin.webhooks.list()) {
    shown.push(await admin.webhooks.deliveries({ endpointId: id, status: 'delivered' }));
  }
  const { exchanges } = await admin.exchanges.list();
  expect(exchanges).toHaveLength(2);
  for (const { id } of exchanges) shown.push(await admin.exchanges.get(id));
  for (const lead of leads) shown.push(await admin.leads.get(lead), await admin.leads.activities(lead).page());
  return JSON.stringify(shown);
}
