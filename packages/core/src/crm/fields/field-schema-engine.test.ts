import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { AccessService } from '../../foundation/access/index.js';
import { Dispatcher } from '../../foundation/jobs/index.js';
import {
  cryptoRandom,
  type DomainEvent,
  type Json,
  LmsError,
  systemActor,
  systemClock,
  uuidV7Source,
} from '../../foundation/kernel/index.js';
import type { EventRecorder } from '../../foundation/persistence/index.js';
import type { Storage } from '../../storage/storage.js';
import { PipelinePart } from '../pipeline/index.js';
import type { FieldDefinition } from './field-definition.js';
import { FieldSchemaEngine } from './field-schema-engine.js';
import type { ProductLineDefinition } from './product-line-definition.js';

const actor = systemActor('test');

const mobile: FieldDefinition = { key: 'mobile', label: 'Mobile', type: 'phone', required: true };
const city: FieldDefinition = { key: 'city', label: 'City', type: 'text' };

const loans: ProductLineDefinition = {
  slug: 'loans',
  name: 'Loans',
  roles: { phone: 'mobile' },
  fields: [mobile, city],
  pipeline: {
    stages: [
      { slug: 'new', name: 'New', next: ['won'] },
      { slug: 'won', name: 'Won', terminal: 'won' },
    ],
  },
};

interface Bench {
  readonly engine: FieldSchemaEngine;
  readonly events: DomainEvent[];
}

/** An engine made from its ports alone, on a real store. */
function engineOn(storage: Storage, options: { readonly events?: Pick<EventRecorder, 'record'> } = {}): Bench {
  const seen: DomainEvent[] = [];
  const dispatcher = new Dispatcher({
    unitOfWork: storage.unitOfWork,
    outbox: storage.outbox,
    projections: [
      {
        name: 'seen',
        home: 'documents',
        handles: () => true,
        project: async (_unit, events) => {
          seen.push(...events);
        },
      },
    ],
    clock: systemClock,
    ids: uuidV7Source(systemClock, cryptoRandom()),
  });
  const engine = new FieldSchemaEngine({
    store: storage.definitions,
    unitOfWork: dispatcher,
    events: options.events ?? dispatcher,
    access: new AccessService({ users: storage.users, clock: systemClock }),
    parts: [
      new PipelinePart({ occupants: { count: async () => 0, moveAll: async () => 0, arrived: async () => undefined } }),
    ],
    clock: systemClock,
    context: () => ({ currency: 'INR', dateOrder: 'dmy', today: '2026-01-31', timeZone: 'Asia/Kolkata' }),
    hasLeads: async () => false,
  });
  return { engine, events: seen };
}

async function failure(work: Promise<unknown>): Promise<LmsError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (LmsError.isInstance(error)) return error;
  throw error ?? new Error('it did not fail');
}

const withCity = (label: string): ProductLineDefinition => ({ ...loans, fields: [mobile, { ...city, label }] });
const withColour = (colour: string): ProductLineDefinition => ({
  ...loans,
  pipeline: {
    stages: [
      { slug: 'new', name: 'New', colour, next: ['won'] },
      { slug: 'won', name: 'Won', terminal: 'won' },
    ],
  },
});

describeShapes((makeStorage, { anotherHandle }) => {
  it('publishes fields and pipeline together and tells so once', async () => {
    const { engine, events } = engineOn(await makeStorage());
    const { head, changed } = await engine.publish(loans, { actor });
    expect(head).toMatchObject({ slug: 'loans', name: 'Loans', revision: 1, schemaVersion: 1, pipelineVersion: 1 });
    expect(changed).toEqual(['fields', 'pipeline']);
    expect(await engine.lines()).toEqual([head]);
    expect((await engine.schema('loans')).fields).toEqual(loans.fields);
    expect(events.map((event) => [event.type, event.aggregate, event.command])).toEqual([
      ['schema.published', { kind: 'product-line', id: 'loans', version: 1 }, 'schema.publish'],
    ]);
    expect(events[0]?.data).toMatchObject({ changes: { added: ['mobile', 'city'], changed: [], retired: [] } });
  });

  it('gives no new version to what says the same, however it is spelt', async () => {
    const { engine, events } = engineOn(await makeStorage());
    const { head } = await engine.publish(loans, { actor });
    const spelt = {
      ...loans,
      unique: [{ name: 'mobile', while: 'open', fields: ['mobile'], scope: 'line' }],
      pipeline: {
        stages: [
          { slug: 'won', name: 'Won', terminal: 'won', order: 2, active: true },
          { slug: 'new', name: 'New', next: ['won'], order: 1, tasks: [], colour: '#64748B' },
        ],
      },
    };
    for (const same of [loans, spelt, await engine.definition('loans')]) {
      expect(await engine.publish(same, { actor })).toEqual({ head, changed: [], warnings: [] });
    }
    expect(events).toHaveLength(1);
    expect(await engine.versions('loans', 'pipeline')).toHaveLength(1);
  });

  it('makes a version of just the part that changed, and keeps the old ones for ever', async () => {
    const { engine } = engineOn(await makeStorage());
    await engine.publish(loans, { actor });
    const fields = await engine.publish(withCity('Town'), { actor });
    expect(fields).toMatchObject({ changed: ['fields'], head: { revision: 2, schemaVersion: 2, pipelineVersion: 1 } });
    const name = await engine.publish({ ...withCity('Town'), name: 'All loans' }, { actor });
    expect(name).toMatchObject({ changed: ['name'], head: { revision: 3, schemaVersion: 2, name: 'All loans' } });
    const pipeline = await engine.publish(
      { ...withColour('#16a34a'), name: 'All loans', fields: [mobile, { ...city, label: 'Town' }] },
      { actor },
    );
    expect(pipeline).toMatchObject({
      changed: ['pipeline'],
      head: { revision: 4, schemaVersion: 2, pipelineVersion: 2 },
    });
    expect((await engine.schema('loans', 1)).fields[1]?.label).toBe('City');
    expect((await engine.schema('loans')).fields[1]?.label).toBe('Town');
    expect((await engine.versions('loans')).map((version) => version.version)).toEqual([2, 1]);
  });

  it('refuses with every problem of every part and writes nothing', async () => {
    const { engine, events } = engineOn(await makeStorage());
    const broken = {
      ...loans,
      roles: { phone: 'mobil' },
      fields: [mobile, city, city, { ...city, key: 'photo', label: 'Photo', type: 'file' }],
      pipeline: { stages: [{ slug: 'new', name: 'New', next: ['nowhere'] }] },
    };
    const error = await failure(engine.publish(broken, { actor }));
    expect(error.code).toBe('DEFINITION_INVALID');
    const paths = (error.details['problems'] as readonly { readonly path: string }[]).map((problem) => problem.path);
    expect(paths).toEqual(
      expect.arrayContaining(['fields[2].key', 'fields[3].type', 'roles.phone', 'pipeline.stages[0].next[0]']),
    );
    expect((await engine.lint(broken)).problems.map((problem) => problem.path)).toEqual(paths);
    expect(await engine.lines()).toEqual([]);
    expect(events).toEqual([]);
  });

  it('lets exactly one of many publish over the revision they all saw', async () => {
    const storage = await makeStorage();
    const handles = [engineOn(storage), engineOn(await anotherHandle(storage))];
    await handles[0]?.engine.publish(loans, { actor });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        handles[index % 2]?.engine.publish(withCity(`City ${index}`), { actor, expectedRevision: 1 }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'DEFINITION_CONFLICT' });
    }
    expect(await handles[1]?.engine.head('loans')).toMatchObject({ revision: 2, schemaVersion: 2 });
  });

  it('puts publishes at once one after the other when nobody says what he saw', async () => {
    const storage = await makeStorage();
    const handles = [engineOn(storage), engineOn(await anotherHandle(storage))];
    const results = await Promise.all(
      Array.from({ length: 4 }, (_, index) => handles[index % 2]?.engine.publish(withCity(`City ${index}`), { actor })),
    );
    const revisions = results.map((result) => result?.head.revision);
    expect(new Set(revisions)).toEqual(new Set([1, 2, 3, 4]));
    expect(await handles[0]?.engine.versions('loans')).toHaveLength(4);
    const last = results.find((result) => result?.head.revision === 4);
    const seen = await Promise.all(handles.map(({ engine }) => engine.schema('loans')));
    expect(seen[0]).toEqual(seen[1]);
    expect(last?.head.schemaVersion).toBe(4);
  });

  it('leaves nothing behind when the unit fails', async () => {
    const storage = await makeStorage();
    const broken = engineOn(storage, {
      events: {
        record: async () => {
          throw new Error('the disk is full');
        },
      },
    });
    await expect(broken.engine.publish(loans, { actor })).rejects.toThrow('the disk is full');
    expect(await broken.engine.lines()).toEqual([]);
    expect(await failure(broken.engine.schema('loans', 1))).toMatchObject({ code: 'SCHEMA_VERSION_NOT_FOUND' });
    const { engine } = engineOn(storage);
    await engine.publish(withCity('Town'), { actor });
    expect((await broken.engine.schema('loans', 1)).fields[1]?.label).toBe('Town');
  });

  it('keeps a draft, publishes it by slug, and refuses it once the line has moved on', async () => {
    const { engine, events } = engineOn(await makeStorage());
    const unfinished = { slug: 'loans', name: 'Loans', fields: [] };
    expect(await engine.saveDraft(unfinished, { actor })).toMatchObject({ baseRevision: 0, definition: unfinished });
    expect(await failure(engine.publish('loans', { actor }))).toMatchObject({ code: 'DEFINITION_INVALID' });
    await engine.saveDraft(loans, { actor });
    await engine.publish('loans', { actor });
    expect(await engine.draft('loans')).toBeNull();

    await engine.saveDraft(withCity('Town'), { actor });
    await engine.publish(withColour('#16a34a'), { actor });
    await engine.saveDraft(withCity('Place'), { actor });
    expect(await failure(engine.publish('loans', { actor }))).toMatchObject({
      code: 'DEFINITION_CONFLICT',
      details: { expectedRevision: 1, currentRevision: 2 },
    });
    await engine.discardDraft('loans', { actor });
    await engine.discardDraft('loans', { actor });
    expect(await failure(engine.publish('loans', { actor }))).toMatchObject({ code: 'LINE_NOT_FOUND' });
    expect(events.map((event) => event.type)).toEqual([
      'schema.draft_saved',
      'schema.draft_saved',
      'schema.published',
      'schema.draft_saved',
      'schema.published',
      'schema.draft_saved',
      'schema.draft_discarded',
    ]);
  });

  it('refuses hostile drafts and definitions', async () => {
    const { engine } = engineOn(await makeStorage());
    const proto = JSON.parse('{ "slug": "loans", "fields": [{ "__proto__": { "admin": true } }] }');
    for (const hostile of [{ slug: '../etc' }, { slug: 'loans', $set: {} }, proto, null, 7, ['loans']]) {
      expect(await failure(engine.publish(hostile, { actor }))).toMatchObject({ code: 'DEFINITION_INVALID' });
      expect(await failure(engine.saveDraft(hostile, { actor }))).toMatchObject({ code: 'DEFINITION_INVALID' });
    }
    expect(await failure(engine.publish('__proto__', { actor }))).toMatchObject({ code: 'LINE_NOT_FOUND' });
  });

  it('names the lines there are, and versions that do not exist', async () => {
    const { engine } = engineOn(await makeStorage());
    await engine.publish(loans, { actor });
    expect((await failure(engine.head('laons'))).message).toContain('did you mean "loans"?');
    expect((await failure(engine.head('insurance'))).message).toContain('there are loans');
    expect(await failure(engine.schema('loans', 7))).toMatchObject({ code: 'SCHEMA_VERSION_NOT_FOUND' });
    expect(await failure(engine.versions('insurance'))).toMatchObject({ code: 'LINE_NOT_FOUND' });
  });

  it('lets only those publish who may', async () => {
    const { engine } = engineOn(await makeStorage());
    const partner = { kind: 'partner', id: 'acme' } as const;
    for (const refused of [
      engine.publish(loans, { actor: partner }),
      engine.saveDraft(loans, { actor: partner }),
      engine.discardDraft('loans', { actor: partner }),
    ]) {
      expect(await failure(refused)).toMatchObject({ code: 'PERMISSION_DENIED' });
    }
    expect(await engine.lines()).toEqual([]);
  });

  it('publishes one part alone, from what stands now', async () => {
    const { engine, events } = engineOn(await makeStorage());
    await engine.publish(loans, { actor });
    const recolour =
      (colour: string): ((published: { readonly section: Json }) => Json) =>
      ({ section }) => ({
        ...(section as { readonly stages: Json }),
        stages: (section as { readonly stages: readonly { readonly [key: string]: Json }[] }).stages.map((stage) => ({
          ...stage,
          colour,
        })),
      });
    const options = { actor, part: 'pipeline', command: 'stages.update', changes: { stage: 'new' } } as const;
    const first = await engine.publishPart('loans', recolour('#111111'), options);
    expect(first).toMatchObject({ changed: ['pipeline'], head: { revision: 2, schemaVersion: 1, pipelineVersion: 2 } });
    expect(await engine.publishPart('loans', recolour('#111111'), options)).toMatchObject({
      changed: [],
      head: { revision: 2 },
    });
    expect(await failure(engine.publishPart('loans', recolour('red'), options))).toMatchObject({
      code: 'DEFINITION_INVALID',
    });
    expect(
      await failure(engine.publishPart('loans', recolour('#222222'), { ...options, expectedRevision: 1 })),
    ).toMatchObject({ code: 'DEFINITION_CONFLICT' });
    expect(events.at(-1)).toMatchObject({ command: 'stages.update', data: { changes: { stage: 'new' } } });
  });

  it('gives the same frozen schema to everybody, and describes it', async () => {
    const { engine } = engineOn(await makeStorage());
    await engine.publish(loans, { actor });
    const schema = await engine.schema('loans');
    expect(await engine.schema('loans', 1)).toBe(schema);
    expect(() => Object.assign(schema.fields[0] ?? {}, { required: false })).toThrow(TypeError);

    const { values, problems } = engine.validate(schema, { mobile: '98765 43210', city: 'Pune' });
    expect(problems).toEqual([]);
    const { jsonSchema, layout } = await engine.describe('loans');
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(jsonSchema);
    expect(validate(values), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ city: 'Pune' })).toBe(false);
    expect(validate({ ...values, cty: 'x' })).toBe(false);
    expect(layout).toMatchObject([
      {
        heading: '',
        fields: [{ key: 'mobile', control: 'phone', required: true, pii: 'identifier' }, { key: 'city' }],
      },
    ]);
  });
});
