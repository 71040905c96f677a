import { expect, it } from 'vitest';
import { z } from 'zod';
import { callUntyped } from '../../../test-support/call-untyped.js';
import { allShapes, describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../../../test-support/store.js';
import { hasCode, type Instant, LmsError } from '../../foundation/kernel/index.js';
import type { Storage } from '../../storage/storage.js';
import type { ProductLineDefinition } from '../fields/index.js';
import type { StageList } from './stage-service.js';

const line = 'personal-loan';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));

const active = (list: StageList): readonly string[] =>
  list.stages.filter((stage) => stage.active).map((stage) => stage.slug);
const nextOf = (list: StageList, slug: string): readonly string[] =>
  list.stages.find((stage) => stage.slug === slug)?.next ?? [];

/** A store that dies between the commit of the documents and the projection, where these are two transactions. */
function withoutLedgerUnits(storage: Storage): Storage {
  const { oneDatabase } = storage.unitOfWork;
  const run: Storage['unitOfWork']['run'] = (home, work, options) =>
    home === 'documents'
      ? storage.unitOfWork.run(home, work, options)
      : Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'the ledger is gone' }));
  return { ...storage, unitOfWork: { oneDatabase, run } };
}

/** A store whose leads are written only when told: whoever writes one is in the middle of its unit until then. */
function halting(storage: Storage): { storage: Storage; writing: Promise<void>; goOn: () => void } {
  let begun: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const writing = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { leads } = storage;
  const halted = new Proxy(leads, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: readonly unknown[]) => {
        if (name === 'insert' || name === 'replace') {
          begun();
          await told;
        }
        return Reflect.apply(method, target, given);
      };
    },
  });
  return { storage: { ...storage, leads: halted }, writing, goOn };
}

const pipelineShape = z.object({
  stages: z.array(z.looseObject({ slug: z.string(), next: z.array(z.string()) })),
});

/** The definition with one stage changed, and no other leading to it once it is retired. */
function withStage(definition: ProductLineDefinition, slug: string, change: object): object {
  const { stages } = pipelineShape.parse(definition.pipeline);
  const isRetired = 'active' in change;
  const changed = stages.map((stage) => {
    if (stage.slug === slug) return { ...stage, ...change };
    return isRetired
      ? { ...stage, next: [...new Set(stage.next.map((next) => (next === slug ? 'qualified' : next)))] }
      : stage;
  });
  return { ...definition, pipeline: { stages: changed } };
}

describeShapes((makeStorage, { anotherHandle }) => {
  it.each([
    { what: 'moved into', stage: 'contacted' },
    { what: 'made in', stage: 'new' },
  ])('takes along a lead that is being $what a stage at the moment it is retired', { timeout: 30_000 }, async (one) => {
    const { stage } = one;
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const lead = await admin.leads.create(loanLead());
    await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'connected' } });
    const { storage: halted, writing, goOn } = halting(await anotherHandle(storage));
    const slow = await openStore(halted);
    const written =
      stage === 'new' ? slow.admin.leads.create(loanLead()) : slow.admin.leads.move(lead.id, { to: stage });
    await writing;
    const retired = admin.stages.retire(line, stage, { moveTo: 'qualified' });
    // Long enough for a retirement that does not wait to be over.
    setTimeout(goOn, 400);
    const { id } = await written;
    expect((await retired).moved).toBe(stage === 'new' ? 2 : 1);
    expect(await admin.leads.get(id)).toMatchObject({ stage: 'qualified' });
    expect((await admin.stages.list(line)).stages.find(({ slug }) => slug === stage)?.active).toBe(false);
  });

  it.each([
    { what: 'retired', change: { active: false } },
    { what: 'given another outcome', change: { terminal: 'lost' } },
  ])(
    'says that a lead came into a stage that is $what by a publish at that moment',
    { timeout: 30_000 },
    async (one) => {
      const storage = await makeStorage();
      const { admin } = await newStore(storage);
      const lead = await admin.leads.create(loanLead());
      await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'connected' } });
      const { storage: halted, writing, goOn } = halting(await anotherHandle(storage));
      const slow = await openStore(halted);
      const moved = slow.admin.leads.move(lead.id, { to: 'contacted' });
      await writing;
      const changed = withStage(await admin.schemas.definition(line), 'contacted', one.change);
      const published: Promise<unknown> = admin.schemas.publish(changed).catch((error: unknown) => error);
      setTimeout(goOn, 400);
      expect(await moved).toMatchObject({ stage: 'contacted' });
      // Either nothing is published, or it is told who came.
      const refusal = await published;
      const isRefused = hasCode(refusal, 'DEFINITION_INVALID');
      if (isRefused) expect(refusal).toMatchObject({ details: { problems: [{ rule: 'stage-in-use' }] } });
      else expect(refusal).toMatchObject({ code: 'STAGE_IN_USE', details: { stage: 'contacted', count: 1 } });
      const { stages } = await admin.stages.list(line);
      const isAsBefore = stages.some(
        ({ slug, active, terminal }) => slug === 'contacted' && active && terminal === null,
      );
      expect(isAsBefore).toBe(isRefused);
    },
  );
}, allShapes);

describeShapes(
  (makeStorage, { anotherHandle }) => {
    it.each([
      { what: 'publish', command: 'publish' },
      { what: 'change of its outcome', command: 'update' },
    ])(
      'says that a lead came into a stage between the look at it and the commit of a $what',
      { timeout: 30_000 },
      async ({ command }) => {
        const storage = await makeStorage();
        const { admin } = await newStore(storage);
        const lead = await admin.leads.create(loanLead());
        await admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'connected' } });
        const { storage: halted, writing, goOn } = halting(await anotherHandle(storage));
        const slow = await openStore(halted);
        let moved: Promise<unknown> | null = null;
        const { definitions, ...others } = await anotherHandle(storage);
        const publishing = new Proxy(definitions, {
          get(target, name) {
            const method: unknown = Reflect.get(target, name);
            if (typeof method !== 'function') return method;
            return async (...given: readonly unknown[]) => {
              if (name === 'replaceHead' && moved === null) {
                moved = slow.admin.leads.move(lead.id, { to: 'contacted' });
                await writing;
                setTimeout(goOn, 400);
              }
              return Reflect.apply(method, target, given);
            };
          },
        });
        const publisher = await openStore({ ...others, definitions: publishing });
        const changed = withStage(await admin.schemas.definition(line), 'contacted', { active: false });
        const refusal =
          command === 'publish'
            ? publisher.admin.schemas.publish(changed)
            : publisher.admin.stages.update(line, 'contacted', { terminal: 'lost' });
        await expect(refusal).rejects.toMatchObject({
          code: 'STAGE_IN_USE',
          details: { stage: 'contacted', count: 1 },
        });
        expect(await (moved ?? Promise.reject(new Error('nobody moved')))).toMatchObject({ stage: 'contacted' });
        if (command === 'publish') {
          expect(await admin.stages.retire(line, 'contacted', { moveTo: 'qualified' })).toMatchObject({ moved: 1 });
        }
      },
    );
  },
  ['hybrid', 'mysql'],
);

describeShapes((makeStorage, { anotherHandle }) => {
  it('adds a stage with the moves that lead to it', async () => {
    const { admin } = await newStore(await makeStorage());
    const before = await admin.stages.list(line);
    const list = await admin.stages.create(line, {
      slug: 'call-back',
      name: 'Call back',
      next: ['contacted', 'lost'],
      from: ['new'],
      before: 'contacted',
    });
    expect(list).toMatchObject({ revision: before.revision + 1, version: before.version + 1 });
    expect(active(list).indexOf('call-back')).toBe(active(before).indexOf('contacted'));
    expect(nextOf(list, 'new')).toEqual([...nextOf(before, 'new'), 'call-back']);
    expect(await admin.stages.list(line)).toEqual(list);
    expect((await admin.schemas.list())[0]).toMatchObject({ schemaVersion: 1, pipelineVersion: 2 });
    await expect(admin.stages.create(line, { slug: 'call-back', name: 'Again' })).rejects.toThrow(
      withCode('STAGE_EXISTS'),
    );
    await expect(admin.stages.create(line, { slug: 'x', name: 'X', from: ['nowhere'] })).rejects.toThrow(
      withCode('STAGE_NOT_FOUND'),
    );
  });

  it('refuses names that no stage has, with the one that was meant', async () => {
    const { admin, user } = await newStore(await makeStorage());
    const agent = await user('asha', ['agent']);
    await admin.stages.retire(line, 'contacted');
    for (const of of [line, null]) {
      await agent.stages.refuseUnknown(of, ['new', 'contacted', 'lost']);
      await agent.stages.refuseUnknown(of, []);
      await expect(agent.stages.refuseUnknown(of, ['new', 'qualifed'])).rejects.toMatchObject({
        code: 'STAGE_NOT_FOUND',
        message: expect.stringContaining('no stage "qualifed"; did you mean "qualified"?'),
      });
      await expect(agent.stages.refuseUnknown(of, ['xyz'])).rejects.toThrow(/there are new, /);
    }
    await expect(agent.stages.refuseUnknown('personl-loan', ['new'])).rejects.toThrow(withCode('LINE_NOT_FOUND'));
  });

  it('refuses what is no stage, and edits that break the pipeline', async () => {
    const { admin } = await newStore(await makeStorage());
    const before = await admin.stages.list(line);
    const hostile = JSON.parse('{ "slug": "x", "name": "X", "__proto__": { "terminal": "won" } }');
    await expect(admin.stages.create(line, hostile)).rejects.toThrow(withCode('INPUT_INVALID'));
    await expect(admin.stages.update(line, 'new', { colour: 'red' })).rejects.toThrow(withCode('INPUT_INVALID'));
    await expect(admin.stages.update(line, 'new', { next: ['nowhere'] })).rejects.toThrow(
      withCode('DEFINITION_INVALID'),
    );
    await expect(admin.stages.update(line, 'nowhere', { name: 'X' })).rejects.toThrow(withCode('STAGE_NOT_FOUND'));
    await expect(admin.stages.list('nowhere')).rejects.toThrow(withCode('LINE_NOT_FOUND'));
    await expect(callUntyped(admin.stages, 'reorder', line, 'new')).rejects.toThrow(withCode('INPUT_INVALID'));
    await expect(callUntyped(admin.stages, 'restore', line, 'new', {})).rejects.toThrow(withCode('INPUT_INVALID'));
    expect(await admin.stages.list(line)).toEqual(before);
  });

  it('changes the outcome of a stage only while nobody stands in it', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    await admin.leads.move(lead.id, { to: 'lost' });
    await expect(admin.stages.update(line, 'lost', { terminal: null })).rejects.toThrow(withCode('STAGE_IN_USE'));
    await admin.stages.update(line, 'lost', { name: 'Given up' });
    await admin.leads.move(lead.id, { to: 'new' });
    const list = await admin.stages.update(line, 'lost', { terminal: null });
    expect(list.stages.find((stage) => stage.slug === 'lost')).toMatchObject({ name: 'Given up', terminal: null });
  });

  it('puts stages in another order, each named once', async () => {
    const { admin } = await newStore(await makeStorage());
    const slugs = active(await admin.stages.list(line));
    const [first = '', ...rest] = slugs;
    const reordered = [first, ...rest.reverse()];
    expect(active(await admin.stages.reorder(line, reordered))).toEqual(reordered);
    await expect(admin.stages.reorder(line, reordered.slice(1))).rejects.toThrow(`lacks ${first}`);
    await expect(admin.stages.reorder(line, [...reordered, first])).rejects.toThrow('twice');
    await expect(admin.stages.reorder(line, ['won', ...slugs.filter((slug) => slug !== 'won')])).rejects.toThrow(
      withCode('DEFINITION_INVALID'),
    );
  });

  it('retires a stage in which nobody stands, and leads past it', async () => {
    const { admin } = await newStore(await makeStorage());
    const before = await admin.stages.list(line);
    const { moved, ...list } = await admin.stages.retire(line, 'contacted');
    expect(moved).toBe(0);
    expect(active(list)).toEqual(active(before).filter((slug) => slug !== 'contacted'));
    expect(nextOf(list, 'new')).toEqual(
      expect.arrayContaining([...nextOf(before, 'contacted')].filter((slug) => slug !== 'new')),
    );
    expect(nextOf(list, 'new')).not.toContain('contacted');
  });

  it('brings a retired stage back where it is led to', async () => {
    const { admin } = await newStore(await makeStorage());
    const before = await admin.stages.list(line);
    await admin.stages.retire(line, 'contacted');
    await expect(admin.stages.create(line, { slug: 'contacted', name: 'Again' })).rejects.toThrow('was retired');
    const list = await admin.stages.restore(line, 'contacted', { from: ['new'] });
    expect(active(list)).toEqual(active(before));
    expect(nextOf(list, 'new')).toContain('contacted');
    await expect(admin.stages.restore(line, 'nowhere', { from: ['new'] })).rejects.toThrow(withCode('STAGE_NOT_FOUND'));
  });

  it('says how many stand in a stage, and moves them when told where', async () => {
    const { admin, lms } = await newStore(await makeStorage());
    const leads = await Promise.all([1, 2, 3].map(() => admin.leads.create(loanLead())));
    const [deleted] = leads;
    if (deleted !== undefined) await admin.leads.delete(deleted.id);
    const slug = 'new';
    const refusal = await admin.stages.retire(line, slug).catch((error: unknown) => error);
    expect(LmsError.isInstance(refusal) && refusal.details).toEqual({ productLine: line, stage: slug, count: 2 });
    await expect(admin.stages.retire(line, slug, { moveTo: slug })).rejects.toThrow(withCode('INPUT_INVALID'));
    await expect(admin.stages.retire(line, slug, { moveTo: 'won' })).rejects.toThrow(withCode('INPUT_INVALID'));
    await expect(admin.stages.retire(line, slug, { moveTo: 'nowhere' })).rejects.toThrow(withCode('STAGE_NOT_FOUND'));

    const list = await admin.stages.retire(line, slug, { moveTo: 'contacted' });
    expect(list.moved).toBe(3);
    expect(active(list)).not.toContain(slug);
    await lms.settle();
    for (const { id } of leads) expect((await admin.leads.get(id)).stage).toBe('contacted');
    const again = await admin.stages.retire(line, slug, { moveTo: 'contacted' });
    expect(again).toMatchObject({ moved: 0, revision: list.revision });
    expect((await admin.leads.create(loanLead())).stage).toBe('contacted');
  });

  it('moves them in its own name, which answers no lead', async () => {
    const { admin } = await newStore(await makeStorage());
    const lead = await admin.leads.create(loanLead());
    await admin.stages.retire(line, 'new', { moveTo: 'contacted' });
    expect(await admin.leads.get(lead.id)).toMatchObject({ stage: 'contacted', firstResponseAt: null });
    const { rows } = await admin.audit.list({ aggregateId: lead.id });
    expect(rows[0]).toMatchObject({ eventType: 'lead.stage_changed', command: 'stages.retire' });
  });

  it('counts leads that a crash kept from the read model', async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const { admin: crashing } = await openStore(withoutLedgerUnits(await anotherHandle(storage)));
    await crashing.leads.create(loanLead());
    const refusal = admin.stages.retire(line, 'new');
    await expect(refusal).rejects.toMatchObject({ code: 'STAGE_IN_USE', details: { count: 1 } });
    await crashing.leads.create(loanLead());
    expect(await admin.stages.retire(line, 'new', { moveTo: 'contacted' })).toMatchObject({ moved: 2 });
  });

  it('counts leads whose events are tried again later, and retires nothing while one is stuck', async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const { admin: crashing } = await openStore(withoutLedgerUnits(await anotherHandle(storage)));
    await crashing.leads.create(loanLead());
    const dueAt = '2030-01-01T00:00:00.000Z' as Instant;
    const setAside = async (until: Instant | null): Promise<number> => {
      const left = await storage.outbox.waiting('documents', 10);
      await storage.outbox.postpone(
        'documents',
        left.map(({ id }) => ({ id, attempts: 8, error: 'INTERNAL', dueAt: until })),
      );
      return left.length;
    };
    await setAside(dueAt);
    await expect(admin.stages.retire(line, 'new')).rejects.toMatchObject({
      code: 'STAGE_IN_USE',
      details: { count: 1 },
    });
    await crashing.leads.create(loanLead());
    if ((await setAside(null)) > 0) {
      await expect(admin.stages.retire(line, 'new')).rejects.toMatchObject({
        code: 'READ_MODELS_BEHIND',
        details: { stuck: 1, lastError: 'INTERNAL' },
      });
      expect(active(await admin.stages.list(line))).toContain('new');
      await admin.store.retryStuck();
    }
    expect(await admin.stages.retire(line, 'new', { moveTo: 'contacted' })).toMatchObject({ moved: 2 });
  });

  it("refuses an edit over somebody else's, and makes both of two that say nothing", async () => {
    const storage = await makeStorage();
    const { admin } = await newStore(storage);
    const { admin: other } = await openStore(await anotherHandle(storage));
    const { revision } = await admin.stages.list(line);
    await Promise.all([
      admin.stages.update(line, 'new', { name: 'Fresh' }),
      other.stages.update(line, 'contacted', { name: 'Called' }),
    ]);
    const list = await admin.stages.list(line);
    expect(list.revision).toBe(revision + 2);
    expect(list.stages.map((stage) => stage.name)).toEqual(expect.arrayContaining(['Fresh', 'Called']));
    await expect(other.stages.update(line, 'new', { name: 'Newest' }, { expectedRevision: revision })).rejects.toThrow(
      withCode('DEFINITION_CONFLICT'),
    );
  });

  it('is for those who may', async () => {
    const { user } = await newStore(await makeStorage());
    const agent = await user('asha', ['agent']);
    expect((await agent.stages.list(line)).stages.length).toBeGreaterThan(2);
    await expect(agent.stages.update(line, 'new', { name: 'Mine' })).rejects.toThrow(withCode('PERMISSION_DENIED'));
    await expect(agent.stages.retire(line, 'new')).rejects.toThrow(withCode('PERMISSION_DENIED'));
  });
});
