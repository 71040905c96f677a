import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allShapes, describeShapes } from '../test-support/shapes.js';
import { newStore, openStore, type TestStore } from '../test-support/store.js';
import { acme, vehicleLead, vehicleLine } from '../test-support/vehicle-plugin.js';
import { ownText } from './index.js';

describeShapes((makeStorage, { anotherHandle }) => {
  let desk: TestStore;
  /** The same store, opened without the plugin. */
  let bare: TestStore;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lms-types-'));
    const storage = await makeStorage();
    desk = await newStore(storage, undefined, { plugins: [acme] });
    await desk.admin.schemas.publish(vehicleLine);
    bare = await openStore(await anotherHandle(storage));
  });
  afterAll(async () => {
    await Promise.all([desk.lms.close(), bare.lms.close()]);
    await rm(folder, { recursive: true });
  });

  it('reads, keeps and prints values of the types of a plugin', async () => {
    const { leads } = desk.admin;
    const lead = await leads.create(vehicleLead({ vehicle: 'ka-05 m 9', gold: '2 tola' }));
    expect(lead.values).toMatchObject({ vehicle: 'KA05M9', gold: 23 });
    expect((await leads.get(lead.id)).entered).toMatchObject({ vehicle: 'ka-05 m 9', gold: '2 tola' });
    const changed = await leads.update(lead.id, { fields: { vehicle: 'KA 05 M 10', gold: 24 } });
    expect(changed.values).toMatchObject({ vehicle: 'KA05M10', gold: 24 });
    const same = await leads.update(lead.id, { fields: { vehicle: 'ka05m10' } });
    expect(same.values).toEqual(changed.values);
  });

  it('refuses what the type refuses, and what the type fails at, as problems of the field that show nothing typed', async () => {
    const refused = async (fields: Record<string, unknown>): Promise<unknown> => {
      const error: unknown = await desk.admin.leads.create(vehicleLead(fields)).catch((thrown: unknown) => thrown);
      return JSON.parse(JSON.stringify(error instanceof Error && 'details' in error ? error.details : null));
    };
    expect(await refused({ vehicle: 'scooter', gold: 'much' })).toEqual({
      problems: [
        {
          path: 'vehicle',
          rule: 'type',
          message:
            'a text of the shape "AAAAAAA" is no registration mark; expected a vehicle number such as MH12AB1234',
        },
        { path: 'gold', rule: 'type', message: '"much" is no weight; expected grams or tolas' },
      ],
    });
    const failed = async (vehicle: string, why: RegExp): Promise<void> => {
      const told = JSON.stringify(await refused({ vehicle }));
      expect(told).toMatch(why);
      expect(told).not.toMatch(/12AB9|9876/);
    };
    await failed('XX12AB9876', /type-failed.*acme\.vehicle-number failed|acme\.vehicle-number failed.*type-failed/);
    await failed('YY12AB9876', /AA##AA####.* is not accepted/);
    expect(JSON.stringify(await refused({ gold: '501 g' }))).toContain('at most');
  });

  it('holds unique values, filters, sorts and finds by its canonical values', async () => {
    const { leads } = desk.admin;
    const first = await leads.create(vehicleLead({ vehicle: 'TN 09 AB 1', gold: 100 }));
    await expect(leads.create(vehicleLead({ vehicle: 'tn-09-ab-1' }))).rejects.toMatchObject({
      code: 'LEAD_DUPLICATE',
    });
    const second = await leads.create(vehicleLead({ gold: '9 tola' }));
    await desk.lms.settle();
    const page = await leads
      .list({
        productLine: 'vehicle-loan',
        where: [{ field: 'gold', operator: 'gte', value: '8 tola' }],
        sort: { by: 'gold', direction: 'desc' },
      })
      .page();
    expect(page.items.map(({ id }) => id)).toEqual([second.id, first.id]);
    const named = { productLine: 'vehicle-loan', where: [{ field: 'vehicle', value: 'tn 09 ab 1' }] };
    expect((await leads.list(named).page()).items.map(({ id }) => id)).toEqual([first.id]);
    expect((await leads.find('TN-09-AB-1')).leads.map(({ lead }) => lead.id)).toEqual([first.id]);
  });

  it('reads rows of a file, tells of those it refuses, and exports what it reads again', async () => {
    const file = join(folder, 'rows.csv');
    const rows = ['Ravi Rao,9822000001,gj 01 aa 11,3 tola', 'Sana Rao,9822000002,bicycle,1 g', 'Om Rao,9822000003,,9'];
    await writeFile(file, ['Full name,Mobile,Registration No,Gold', ...rows].join('\n'));
    const rejectFile = join(folder, 'rejects.csv');
    const { counts } = await desk.admin.imports.run({ file, productLine: 'vehicle-loan', rejectFile });
    expect(counts).toMatchObject({ rows: 3, created: 2, rejected: 1 });
    expect(await readFile(rejectFile, 'utf8')).toContain('is no registration mark; expected a vehicle number');
    await desk.lms.settle();
    const { leads } = await desk.admin.leads.find('GJ01AA11');
    expect(leads).toMatchObject([{ foundBy: 'vehicle', lead: { phone: '+919822000001' } }]);

    const exported = join(folder, 'out.csv');
    const filter = { productLine: 'vehicle-loan' };
    await desk.admin.leads.export({ filter, format: 'csv', to: { file: exported } });
    expect(await readFile(exported, 'utf8')).toMatch(/GJ 01 AA 11,35/);
    await desk.admin.leads.export({ filter, format: 'csv', options: 'values', to: { file: exported, replace: true } });
    expect(await readFile(exported, 'utf8')).toMatch(/GJ01AA11,35/);
  });

  it('has them in the fields of tasks', async () => {
    const { leads } = desk.admin;
    const lead = await leads.create(vehicleLead());
    await expect(leads.completeTask(lead.id, 'inspection', { fields: { seen: 'none' } })).rejects.toMatchObject({
      code: 'LEAD_INVALID',
    });
    const { tasks } = await leads.completeTask(lead.id, 'inspection', { fields: { seen: 'mh 1 a 1' } });
    expect(tasks.find(({ template }) => template === 'inspection')?.values).toEqual({ seen: 'MH1A1' });
  });

  it('keeps the laws of its types through the store', async () => {
    const vehicles = fc.tuple(
      fc.constantFrom('MH', 'KA', 'DL'),
      fc.integer({ min: 1, max: 99 }),
      fc.constantFrom('A', 'BC', 'XYZ'),
      fc.integer({ min: 0, max: 9999 }),
      fc.constantFrom('', ' ', '-', '.'),
      fc.integer({ min: 0, max: 500 }),
    );
    const typed = fc.sample(
      fc.uniqueArray(vehicles, { minLength: 20, maxLength: 20, selector: (one) => one.slice(0, 4).join() }),
      {
        numRuns: 1,
        seed: 6,
      },
    );
    const items = (typed[0] ?? []).map(([state, district, series, number, gap, gold]) => ({
      lead: vehicleLead({ vehicle: [state, district, series, number].join(gap).toLowerCase(), gold: `${gold} g` }),
    }));
    const outcomes = await desk.admin.leads.createMany(items);
    const schema = await desk.admin.schemas.schema('vehicle-loan');
    expect(outcomes.filter(({ kind }) => kind === 'created').length).toBeGreaterThan(15);
    for (const outcome of outcomes) {
      if (outcome.kind !== 'created') continue;
      const { values, version } = await desk.admin.leads.get(outcome.leadId);
      const printed = schema.fields.flatMap((field) => {
        const value = values[field.key];
        return value === undefined ? [] : [[field.key, ownText(field, value) ?? value] as const];
      });
      const again = await desk.admin.leads.update(outcome.leadId, { fields: Object.fromEntries(printed) });
      expect(again.values).toEqual(values);
      expect(again.version - version).toBeLessThan(2);
    }
  });

  describe('without the plugin', () => {
    const missing = { code: 'FIELD_TYPE_MISSING', message: expect.stringContaining('the plugin "acme" is not loaded') };
    let id: string;
    beforeAll(async () => {
      id = (await desk.admin.leads.create(vehicleLead({ vehicle: 'PB 10 Z 7', gold: 12 }))).id;
      await desk.lms.settle();
    });

    it('reads, lists, masks and exports what is stored', async () => {
      const { leads } = bare.admin;
      expect((await leads.get(id)).values).toMatchObject({ vehicle: 'PB10Z7', gold: 12 });
      const list = { productLine: 'vehicle-loan', sort: { by: 'gold', direction: 'asc' } } as const;
      expect((await leads.list(list).page()).items.map((lead) => lead.id)).toContain(id);
      const auditor = await bare.user('omar', ['auditor']);
      expect((await auditor.leads.get(id)).values).toMatchObject({ vehicle: '******', gold: 12 });
      const file = join(folder, 'bare.csv');
      await bare.admin.leads.export({ filter: { productLine: 'vehicle-loan' }, format: 'csv', to: { file } });
      expect(await readFile(file, 'utf8')).toContain('PB10Z7,12');
      const { number } = await leads.get(id);
      expect((await leads.find(number)).leads).toHaveLength(1);
      expect((await leads.find('someone@example.com')).leads).toEqual([]);
      expect(await bare.admin.schemas.types()).toContain('readonly vehicle?: string');
      expect((await bare.admin.schemas.describe('vehicle-loan')).jsonSchema).toMatchObject({
        properties: { vehicle: { type: 'string' }, gold: { type: 'integer' } },
      });
    });

    it('refuses what would have to read, check or compare a value, and writes nothing', async () => {
      const { leads, imports } = bare.admin;
      const before = (await leads.get(id)).version;
      await expect(leads.create(vehicleLead())).rejects.toMatchObject(missing);
      await expect(leads.update(id, { fields: { gold: 13 } })).rejects.toMatchObject(missing);
      await expect(leads.update(id, { fields: { fullName: 'Asha' } })).rejects.toMatchObject(missing);
      const filter = { productLine: 'vehicle-loan', where: [{ field: 'gold', value: 12 }] };
      await expect(leads.list(filter).page()).rejects.toMatchObject(missing);
      const file = join(folder, 'rows.csv');
      await expect(imports.run({ file, productLine: 'vehicle-loan' })).rejects.toMatchObject(missing);
      expect((await leads.get(id)).version).toBe(before);
    });

    it('refuses to publish such a line, naming the plugin, and finds it when it is asked', async () => {
      const publishing = bare.admin.schemas.publish({ ...vehicleLine, name: 'Loans for vehicles' });
      await expect(publishing).rejects.toMatchObject({
        code: 'DEFINITION_INVALID',
        details: {
          problems: expect.arrayContaining([
            {
              path: 'fields[2].type',
              rule: 'type-not-available',
              message: expect.stringContaining('plugin "acme" is not'),
            },
            expect.objectContaining({ path: 'pipeline.stages[0].tasks[0].fields[0].type' }),
          ]),
        },
      });
      const finding = (await bare.lms.check()).find(({ name }) => name === 'field types');
      expect(finding).toEqual({
        name: 'field types',
        ok: false,
        message: expect.stringMatching(
          /vehicle-loan: fields of type acme\.vehicle-number .*plugin "acme" is not loaded/,
        ),
      });
      expect((await desk.lms.check()).find(({ name }) => name === 'field types')).toMatchObject({ ok: true });
    });

    it('erases, and gives the unique values back', async () => {
      const vehicle = 'PB 10 Z 8';
      const lead = await desk.admin.leads.create(vehicleLead({ vehicle }));
      await bare.admin.leads.erase(lead.id, { reason: 'person-asked' });
      await expect(desk.admin.leads.create(vehicleLead({ vehicle }))).resolves.toMatchObject({
        values: { vehicle: 'PB10Z8' },
      });
    });

    it('lets the fields be retired, after which leads are made without them', async () => {
      const { unique: _unique, index: _index, fields, pipeline, ...line } = vehicleLine;
      const retired = {
        ...line,
        unique: [],
        index: [],
        fields: fields.map((field) => (field.type.includes('.') ? { ...field, retired: true } : field)),
        pipeline: { stages: pipeline.stages.map(({ tasks: _tasks, ...stage }: object & { tasks?: unknown }) => stage) },
      };
      await bare.admin.schemas.publish(retired);
      const made = await bare.admin.leads.create(vehicleLead({ vehicle: undefined }));
      expect(Object.keys(made.values).sort()).toEqual(['fullName', 'mobile']);
      expect((await bare.lms.check()).find(({ name }) => name === 'field types')).toMatchObject({ ok: true });
      expect((await bare.admin.leads.get(id)).values).toMatchObject({ vehicle: 'PB10Z7' });
    });
  });
}, allShapes);
