import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callUntyped } from '../test-support/call-untyped.js';
import { describeShapes } from '../test-support/shapes.js';
import { loanFields, loanLead, newStore, type TestStore } from '../test-support/store.js';
import { createLms, definePlugin, type PluginGuard } from './index.js';
import { pluginParts } from './plugin.js';
import { sqlite } from './storage/sqlite.js';

const told: string[] = [];
const pune = definePlugin({
  name: 'pune-only',
  guards: [
    {
      name: 'city',
      create: ({ values }) => (values['city'] === 'Goa' ? 'we do not lend in Goa' : null),
      move(lead, { to }) {
        if (lead.values['city'] === 'Wai') throw new TypeError(`cannot read ${lead.number}`);
        return to === 'lost' ? 'nobody is lost here' : null;
      },
    },
  ],
  consumers: [{ name: 'pune-crm', types: ['lead.created'], handle: async ({ aggregate }) => told.push(aggregate.id) }],
  jobs: [{ kind: 'pune.sync', run: async () => ({ synced: true }) }],
});

describeShapes((makeStorage) => {
  let desk: TestStore;
  beforeAll(async () => {
    desk = await newStore(await makeStorage(), undefined, { plugins: [pune] });
  });
  afterAll(() => desk.lms.close());

  it('refuses leads and moves with the reasons of its guards, which are named', async () => {
    const { leads } = desk.admin;
    await expect(leads.create(loanLead({ city: 'Goa' }))).rejects.toMatchObject({
      details: {
        problems: [
          { path: 'pune-only/city', rule: 'GUARD_REFUSED', message: expect.stringContaining('we do not lend in Goa') },
        ],
      },
    });
    const [refused, made] = await leads.createMany([
      { lead: loanLead({ city: 'Goa' }) },
      { lead: loanLead({ city: 'Nashik' }) },
    ]);
    expect([refused?.kind, made?.kind]).toEqual(['rejected', 'created']);
    const lead = await leads.create(loanLead());
    const reasons = await leads.checkMove(lead.id, 'lost');
    const reason = { code: 'GUARD_REFUSED', details: { plugin: 'pune-only', guard: 'city' } };
    expect(reasons).toContainEqual({ ...reason, message: 'nobody is lost here (pune-only/city)' });
  });

  it('refuses rows of an import with its reason in the reject file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lms-plugin-'));
    const file = join(folder, 'rows.csv');
    const rows = [loanFields({ city: 'Goa' }), loanFields({ city: 'Nashik' })].map(
      ({ fullName, mobile, loanAmount, city }) => [fullName, mobile, loanAmount, city].join(),
    );
    await writeFile(file, ['fullName,mobile,loanAmount,city', ...rows].join('\n'));
    const { counts, rejectFile } = await desk.admin.imports.run({
      file,
      productLine: 'personal-loan',
      rejectFile: join(folder, 'rejects.csv'),
    });
    expect(counts).toMatchObject({ rows: 2, created: 1, rejected: 1 });
    expect(await readFile(rejectFile ?? '', 'utf8')).toContain('we do not lend in Goa (pune-only/city)');
    await rm(folder, { recursive: true });
  });

  it('lets nothing pass where a guard fails, and tells nothing of what it failed at', async () => {
    const { leads } = desk.admin;
    const lead = await leads.create(loanLead({ city: 'Wai' }));
    const reasons = await leads.checkMove(lead.id, 'contacted');
    expect(reasons).toContainEqual(expect.objectContaining({ code: 'GUARD_FAILED' }));
    expect(JSON.stringify(reasons)).not.toContain(lead.number);
  });

  it('brings consumers and handlers of jobs', async () => {
    await desk.lms.tick();
    const { id } = await desk.admin.leads.create(loanLead());
    await desk.admin.jobs.add({ kind: 'pune.sync', payload: null });
    await desk.lms.settle();
    expect(await desk.lms.tick()).toMatchObject({ jobs: { done: 1 }, events: { failed: 0 } });
    expect(told).toContain(id);
  });
});

it.each([
  ['a part that it cannot have', { name: 'p', gaurds: [] }, /gaurds/],
  [
    'a guard that is no function',
    { name: 'p', guards: [{ name: 'g', create: 'no' }] },
    /plugins\.0\.guards\.0\.create/,
  ],
  ['a guard that asks at another time', { name: 'p', guards: [{ name: 'g', update: () => null }] }, /update/],
  ['a handler that does not run', { name: 'p', jobs: [{ kind: 'acme.sync' }] }, /plugins\.0\.jobs\.0\.run/],
  ['nothing at all', null, /plugins\.0/],
])('is refused with %s', async (_what, plugin, message) => {
  const given: readonly unknown[] = [plugin];
  const making = callUntyped({ createLms }, 'createLms', {
    storage: sqlite({ file: 'never-opened.db' }),
    plugins: given,
  });
  await expect(making).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
});

it('refuses where a guard is async, whatever becomes of its promise', async () => {
  const rejecting = async (): Promise<never> => {
    throw new Error('later');
  };
  const guard = Object.assign<PluginGuard, object>({ name: 'hasty' }, { create: rejecting });
  const { createGuards } = pluginParts([{ name: 'p', guards: [guard] }]);
  const lead = {
    productLine: 'l',
    values: {},
    source: 'sdk',
    channel: null,
    campaign: null,
    properties: {},
    createdBy: 'user:asha',
  };
  expect(createGuards.flatMap((ask) => ask(lead))).toMatchObject([{ path: 'p/hasty', rule: 'GUARD_FAILED' }]);
  // A rejection that nobody has heard of would end the process now.
  await new Promise(setImmediate);
});

it('is refused with a name that is none or is taken, by plugins, guards, consumers and jobs alike', async () => {
  const storage = sqlite({ file: 'never-opened.db' });
  const invalid = { code: 'CONFIG_INVALID' };
  const handle = async (): Promise<void> => undefined;
  const guard = { name: 'same' };
  await expect(createLms({ storage, plugins: [{ name: 'Not A Name' }] })).rejects.toMatchObject(invalid);
  await expect(createLms({ storage, plugins: [{ name: 'same' }, { name: 'same' }] })).rejects.toMatchObject(invalid);
  await expect(createLms({ storage, plugins: [{ name: 'p', guards: [guard, guard] }] })).rejects.toMatchObject(invalid);
  const consumers = [{ name: 'crm', handle }];
  await expect(createLms({ storage, consumers, plugins: [{ name: 'p', consumers }] })).rejects.toMatchObject(invalid);
  const jobs = [{ kind: 'acme.sync', run: async () => null }];
  await expect(createLms({ storage, jobs: { handlers: jobs }, plugins: [{ name: 'p', jobs }] })).rejects.toMatchObject(
    invalid,
  );
});
