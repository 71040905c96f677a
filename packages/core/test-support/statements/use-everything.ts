import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { ActorServices, Lms } from '../../src/index.js';
import { loanLine } from '../loan-line.js';
import { loanFields, loanLead } from '../store.js';
import { useEvents } from './use-events.js';
import { useNotifications } from './use-notifications.js';
import { useWebhooks } from './use-webhooks.js';

export interface Everything {
  readonly lms: Lms;
  /** The services of an admin, watched: each call tells its name first. */
  readonly admin: ActorServices;
  /** An agent whose leads are few. */
  readonly agent: ActorServices;
  readonly folder: string;
}

/** Operations that read the whole store by design, page by page; what they send is looked at where they are tested. */
export const wholeStore: readonly string[] = [
  'audit.export',
  'audit.verify',
  'backups.create',
  'keys.rotate',
  'keys.rotateLookup',
  'keys.status',
  'leads.finishErasures',
  'store.rebuildFacts',
];

/** Calls every other operation of the SDK in each way that sends a statement of its own. */
export async function useEverything(everything: Everything): Promise<void> {
  await useDefinitions(everything);
  await useLeads(everything);
  await useLists(everything);
  await useTheRest(everything);
}

const productLine = loanLine.slug;

async function useDefinitions({ admin }: Everything): Promise<void> {
  const { schemas, stages } = admin;
  await schemas.list();
  await schemas.definition(productLine);
  await schemas.standing(productLine);
  await schemas.schema(productLine);
  await schemas.versions(productLine);
  await schemas.describe(productLine);
  await schemas.types();
  await schemas.fieldTypes();
  const second = { ...loanLine, slug: 'second-loan', name: 'Second loan' };
  await schemas.lint(second);
  await schemas.publish(second);
  await schemas.publish({ ...second, name: 'Second loan, renamed' });
  const draft = await schemas.saveDraft(second, { replaces: null });
  await schemas.draft(second.slug);
  await schemas.discardDraft(second.slug, { replaces: draft.savedAt });
  await stages.list(second.slug);
  await stages.refuseUnknown(second.slug, ['new']);
  await stages.create(second.slug, { name: 'Parked', slug: 'parked', from: ['new'], next: ['lost'] });
  await stages.update(second.slug, 'parked', { name: 'Parked for now' });
  await stages.reorder(second.slug, ['new', 'parked', 'contacted', 'qualified', 'won', 'lost']);
  await stages.retire(second.slug, 'parked');
  await stages.restore(second.slug, 'parked', { from: ['new'] });
}

async function useLeads({ admin, agent }: Everything): Promise<void> {
  const { leads } = admin;
  const lead = await leads.create(loanLead(), { idempotencyKey: 'one' });
  await leads.create({ productLine, fields: { ...lead.entered } }, { idempotencyKey: 'one' }).catch(() => undefined);
  await agent.leads.create(loanLead());
  await leads.createMany([{ lead: loanLead() }, { lead: loanLead(), idempotencyKey: 'two' }]);
  await leads.checkCreate(loanLead());
  await leads.nextNumber();
  await leads.get(lead.id);
  await leads.get(lead.number);
  await leads.update(lead.id, { fields: { city: 'Nagpur', email: 'asha@example.test' } }, { idempotencyKey: 'three' });
  await leads.updateMany([{ lead: lead.id, patch: { fields: { city: 'Pune' } } }]);
  await leads.addActivity(lead.id, { type: 'NOTE', text: 'called' }, { idempotencyKey: 'four' });
  await leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'keen' } });
  await leads.checkMove(lead.id, 'contacted');
  await leads.move(lead.id, { to: 'contacted' });
  await leads.moveMany([{ lead: lead.id, to: 'qualified' }]);
  await leads.checkAssignee('asha');
  await leads.checkAssign(lead.id, 'asha');
  await leads.assign(lead.id, { to: 'asha' });
  await leads.assignMany([{ lead: lead.id, to: 'ravi' }]);
  await leads.unassign(lead.id);
  await leads.delete(lead.id);
  await leads.restore(lead.id);
  await leads.activities(lead.id).page({ limit: 20 });
  await leads.erase(lead.id, { reason: 'retention-ended' }, { idempotencyKey: 'gone' });
}

async function useLists({ admin, agent, folder }: Everything): Promise<void> {
  const filters = [
    { productLine },
    {},
    { productLine, stage: 'qualified', owner: null, createdFrom: '2026-01-01T00:00:00.000Z' },
    { productLine, where: [{ field: 'city', value: 'pune' }] },
    { productLine, phone: '98765 43210' },
    { productLine, deleted: true },
  ];
  for (const { leads } of [admin, agent]) {
    for (const filter of filters) {
      const first = await leads.list(filter).page({ limit: 5 });
      if (first.nextCursor !== null) await leads.list(filter).page({ limit: 5, cursor: first.nextCursor });
    }
    await leads.count({ productLine });
    await leads.board({ productLine, cardsPerColumn: 5 });
    for (const text of ['Asha Rao 1', '9000000001', 'asha@example.test', 'LEAD-202601-00001', '0001']) {
      await leads.find(text);
    }
  }
  const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
  const filter = { productLine, where: [{ field: 'city', value: 'pune' }] };
  await admin.leads.export({ filter, format: 'csv', to: { stream: nowhere() } });
  await admin.leads.export({ filter, format: 'csv', to: { file: join(folder, 'leads.csv') } });
  await admin.reports.funnel({ productLine });
  await admin.audit.list({ limit: 50 });
  await admin.audit.list({ actor: 'user:root', limit: 50 });
  await admin.audit.list({ eventType: 'lead.created', from: '2026-01-01T00:00:00.000Z', limit: 50 });
}

async function useTheRest({ lms, admin, folder }: Everything): Promise<void> {
  const { imports, users, store } = admin;
  await users.create({ id: 'meera', name: 'Meera', email: 'meera@example.test', roles: ['agent'], teams: ['west'] });
  await users.update('meera', { teams: ['east'], roles: ['manager'] });
  await users.deactivate('meera');
  await users.activate('meera');
  await users.get('meera');
  await users.list({ limit: 20 });
  await users.list({ limit: 20, team: 'east', role: 'manager', active: true });

  const file = join(folder, 'rows.csv');
  const rows = Array.from({ length: 3 }, () => loanFields());
  const headings = ['fullName', 'mobile', 'loanAmount', 'city'];
  const line = (values: readonly unknown[]): string => values.map((value) => `"${value}"`).join(',');
  await writeFile(file, [line(headings), ...rows.map((row) => line(headings.map((key) => row[key])))].join('\n'));
  await imports.plan({ file, productLine });
  const run = await imports.run({ file, productLine });
  await imports.run({ file, productLine, duplicates: 'update', again: true }).catch(() => undefined);
  await imports.list({ productLine });
  if (run.runId !== null) await imports.get(run.runId);
  const detached = await imports.detach({ file, productLine });
  await imports.detached(detached.id);
  await imports.cancel((await imports.detach({ file, productLine, campaign: 'monsoon' })).id);
  const mapping = { productLine, name: 'bank' };
  await imports.mappings.save({ ...mapping, document: { columns: { Name: 'fullName' } } });
  await imports.mappings.get(mapping);
  await imports.mappings.find(mapping);
  await imports.mappings.list();
  await imports.mappings.list({ productLine });
  await imports.mappings.remove(mapping);

  await admin.outbound.call({ target: 'none', purpose: 'statements', method: 'GET', path: '/' }).catch(() => undefined);
  await admin.outbound.budgets();
  await admin.exchanges.list({ target: 'bureau', limit: 50 });
  await admin.exchanges.list({ subject: { kind: 'lead', id: 'none' }, limit: 50 });
  await admin.exchanges.list({ end: 'open', from: '2026-01-01T00:00:00.000Z', limit: 50 });
  const [exchange] = (await admin.exchanges.list({ limit: 50 })).exchanges;
  await admin.exchanges.get(exchange?.id ?? 'none').catch(() => undefined);
  await useConsents(admin);

  await admin.audit.seal();
  await admin.audit.head();
  const job = await admin.jobs.add({ kind: 'statements.idle', payload: null });
  await admin.jobs.addMany(
    [1, 2].map((payload) => ({ kind: 'statements.idle', payload, dedupeKey: `many-${payload}` })),
    {
      idempotencyKey: 'statements-many',
    },
  );
  await admin.jobs.list({ limit: 50 });
  await admin.jobs.list({ kind: 'statements.idle', status: 'dead', limit: 50 });
  await admin.jobs.get(job.id);
  await admin.jobs.cancel(job.id);
  await admin.jobs.retry(job.id);
  await admin.jobs.schedules({ after: 'a', limit: 50 });
  const timer = { key: 'statements', dueAt: '2026-01-01T00:00:00.000Z' };
  await admin.timers.set(timer);
  await admin.timers.list({ limit: 50 });
  await admin.timers.list({ stuck: true, after: 'statements', limit: 50 });
  await admin.timers.get(timer.key);
  await admin.timers.retry(timer.key);
  await admin.timers.cancel(timer.key);
  await useCalendars(admin);

  await useWebhooks(admin);
  await useNotifications(admin);
  await useEvents(lms, admin);

  await store.health();
  await store.retryStuck();
  await lms.tick();
  await lms.check();
}

/** The services, each call telling its name (`leads.create`) before it is made. */
export function watched<Services extends object>(
  services: Services,
  tell: (operation: string) => void,
  path = '',
): Services {
  return new Proxy(services, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const name = `${path}${String(key)}`;
      if (typeof value === 'object' && value !== null) return watched(value, tell, `${name}.`);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        tell(name);
        return Reflect.apply(value, target, given);
      };
    },
  });
}

/** The names of all operations. */
export function operationsOf(services: object, path = ''): readonly string[] {
  return Object.entries(services).flatMap(([key, value]) =>
    typeof value === 'function' ? [`${path}${key}`] : operationsOf(value, `${path}${key}.`),
  );
}

async function useCalendars({ calendars, timers }: ActorServices): Promise<void> {
  const office = { slug: 'default', name: 'Office', hours: { mon: [['09:30', '18:30']] } } as const;
  await calendars.publish(office);
  await calendars.publish({ ...office, name: 'Office, renamed' }, { expectedVersion: 1 });
  await calendars.list();
  await calendars.list({ after: 'a', limit: 5 });
  await calendars.get('default');
  await calendars.get('default', 1);
  await calendars.versions('default');
  await calendars.versions('default', { before: 2, limit: 5 });
  await calendars.due({ afterWorking: '2h' });
  await calendars.between({ to: '2026-03-31T09:30:00.000Z' });
  await timers.set({ key: 'statements', afterWorking: '2h' });
  await timers.cancel('statements');
}

async function useConsents({ leads, consents }: ActorServices): Promise<void> {
  const { id } = await leads.create(loanLead({ email: 'consents@example.test' }));
  const purpose = 'contact-by-call';
  await consents.purposes();
  await consents.wordings.add({ purpose, language: 'en', text: 'You may call me.' });
  await consents.wordings.get(purpose, 'en', 1);
  await consents.wordings.list();
  await consents.wordings.list({ purpose, language: 'en' });
  const given = { purpose, wording: { language: 'en' }, source: 'web', givenAt: '2026-01-01T00:00:00.000Z' } as const;
  await consents.give(id, given, { idempotencyKey: 'consent' });
  await consents.give(id, given);
  await leads.create({ ...loanLead(), consents: [given], contactBlocks: [{ channel: 'sms', source: 'web' }] });
  await consents.list(id);
  await consents.list(id, { purpose });
  await consents.check(id, { purpose });
  await consents.require(id, { purpose });
  await consents.block(id, { channel: 'call', source: 'call' });
  await consents.block(id, { channel: 'call', source: 'call' });
  await consents.blocks(id);
  await consents.unblock(id, 'call');
  await consents.withdraw(id, { purpose, source: 'call' });
}
