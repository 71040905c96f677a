import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningChild, startChild } from '../test-support/child.js';
import type { RaceCall, RaceOutcome, RaceQuestion } from '../test-support/race-child.js';
import { allShapes, makePlace, type StorePlace } from '../test-support/shapes.js';
import { loanFields, loanLead, newStore, openStore, root, type TestStore } from '../test-support/store.js';
import { hasCode, LmsError, type Storage } from './index.js';

type Racer = RunningChild<RaceQuestion, readonly RaceOutcome[]>;

const productLine = 'personal-loan';
let pans = 0;

/** A lead with all three unique values. */
function wholeLead(): ReturnType<typeof loanLead> {
  pans += 1;
  const pan = `AAAPA${String(pans).padStart(4, '0')}A`;
  return loanLead({ pan, email: `lookup-${pans}@example.test` });
}

/** What is still hashed with an older key than this one; the store is opened for it. */
async function behind(storage: Storage, generation: number): Promise<readonly string[]> {
  await storage.open();
  const isBehind = (hash: string | null): boolean => hash !== null && !hash.startsWith(`${generation}.`);
  const keys = (await storage.uniqueKeys.list(null, 10_000)).filter(({ hash }) => isBehind(hash));
  const leads = (await storage.leads.scan(null, 1_000)).filter(({ index }) => index.some(({ hash }) => isBehind(hash)));
  const people = [
    ...(await storage.consents.personHashes(null, 1_000)),
    ...(await storage.contactBlocks.personHashes(null, 1_000)),
  ].filter(({ phoneHash, emailHash }) => isBehind(phoneHash) || isBehind(emailHash));
  await storage.close();
  return [...keys.map(({ holderId }) => holderId), ...leads.map(({ id }) => id), ...people.map(({ id }) => id)];
}

/** How many unique keys each of the leads holds; the store is opened for it. */
async function keysHeldBy(storage: Storage, leads: readonly string[]): Promise<readonly number[]> {
  await storage.open();
  const counts: number[] = [];
  for (const lead of leads) counts.push((await storage.uniqueKeys.heldBy(null, lead)).length);
  await storage.close();
  return counts;
}

/** Each look-up asks under every key that ever was. */
const mostGenerations = 5;

describe.each(allShapes)('another look-up key on %s', { timeout: 240_000 }, (shape) => {
  let place: StorePlace;
  let store: TestStore;

  beforeAll(async () => {
    place = await makePlace(shape);
    store = await newStore(place.handle());
  }, 120_000);
  afterAll(async () => {
    await store.lms.close();
    await place.remove();
  });

  it('finds all there is and lets no value be taken twice, while 50 create and 10 change from two processes', async () => {
    const { admin } = store;
    const other = await openStore(place.handle());
    const given = Array.from({ length: 12 }, wholeLead);
    const outcomes = await admin.leads.createMany(given.map((lead) => ({ lead })));
    const ids = outcomes.map((outcome) => (outcome.kind === 'created' ? outcome.leadId : ''));
    const [erasedId = '', blockedId = '', ...changedIds] = ids;
    const [erased, blocked] = given;
    await admin.consents.block(erasedId, { channel: 'call', source: 'call' });
    await admin.consents.block(blockedId, { channel: 'call', source: 'call' });
    await admin.consents.wordings.add({ purpose: 'credit-bureau', language: 'en', text: 'You may ask.' });
    await admin.consents.give(erasedId, { purpose: 'credit-bureau', wording: { language: 'en' }, source: 'web' });
    await admin.leads.erase(erasedId, { reason: 'person-asked' });
    await store.lms.settle();

    const racers: readonly Racer[] = await Promise.all([
      startChild<RaceQuestion, readonly RaceOutcome[]>('./race-child.ts', place.address),
      startChild<RaceQuestion, readonly RaceOutcome[]>('./race-child.ts', place.address),
    ]);
    const wanted = Array.from({ length: 25 }, () => String(loanFields()['mobile']));
    const moved = changedIds.map((lead) => ({ lead, mobile: String(loanFields()['mobile']) }));
    let isOver = false;
    const rotating = (async () => {
      for (;;) {
        const rotation = await admin.keys.rotateLookup();
        expect(rotation).toMatchObject({ finished: true, phase: 'settled' });
        if (isOver || rotation.generation === mostGenerations) return rotation.generation;
        // An embedded store answers without a turn of the loop, on which the racers are heard.
        await turn();
      }
    })();
    const misses: string[] = [];
    const looking = (async () => {
      const phone = String(blocked?.fields['mobile']);
      while (!isOver) {
        for (const text of [phone, phone.slice(-4), String(blocked?.fields['pan'])]) {
          const { leads } = await other.admin.leads.find(text, { limit: 200 });
          if (!leads.some(({ lead }) => lead.id === blockedId)) misses.push(`by ${text}`);
        }
        if ((await other.admin.consents.blocks(blockedId)).length === 0) misses.push('the block');
        const { items } = await other.admin.leads.list({ productLine, phone }).page();
        if (items.length !== 1) misses.push('in the list');
        const again = await other.admin.leads.checkCreate({ productLine, fields: { ...blocked?.fields } });
        if (again.kind !== 'duplicate') misses.push('as a duplicate');
        await turn();
      }
    })();
    // Each phone is wanted by both processes at once.
    const calls: readonly RaceCall[] = wanted.map((mobile) => ({ what: 'create', mobile }));
    const changes: readonly RaceCall[] = moved.map(({ lead, mobile }) => ({ what: 'phone', lead, mobile }));
    const racing = Promise.all([
      racers[0]?.ask({ calls: [...calls, ...changes.slice(0, 5)] }),
      racers[1]?.ask({ calls: [...calls, ...changes.slice(5)] }),
    ]).finally(() => {
      isOver = true;
    });
    const [raced, generation] = await Promise.all([racing, rotating, looking]);
    const answers = raced.map((each) => each ?? []);
    const made = answers.flatMap((each) => each.slice(0, wanted.length));
    expect(made.filter(({ ok }) => ok)).toHaveLength(wanted.length);
    expect(made.flatMap((each) => (each.ok ? [] : [each.code]))).toEqual(wanted.map(() => 'LEAD_DUPLICATE'));
    expect(answers.flatMap((each) => each.slice(wanted.length)).map(({ ok }) => ok)).toEqual(moved.map(() => true));
    expect(misses).toEqual([]);
    await Promise.all(racers.map((racer) => racer.end()));
    await store.lms.settle();

    expect(generation).toBeGreaterThan(1);
    expect((await admin.keys.status()).lookup).toEqual({ generation, phase: 'settled', rowsLeft: null });
    expect(await behind(place.handle(), generation)).toEqual([]);
    // Who gave a phone for another has not got the first one back under the new key.
    expect(await keysHeldBy(place.handle(), changedIds)).toEqual(changedIds.map(() => 3));
    for (const mobile of [...wanted, ...moved.map((each) => each.mobile)]) {
      expect((await other.admin.leads.find(mobile)).leads).toHaveLength(1);
    }
    // The proof of whoever was erased holds for whoever comes with the same phone.
    const back = await admin.leads.create({ productLine, fields: { ...erased?.fields } });
    expect(await admin.consents.blocks(back.id)).toHaveLength(1);
    expect(await admin.consents.check(back.id, { purpose: 'credit-bureau' })).toMatchObject({ allowed: true });
    const told = (await admin.audit.list({ aggregateKind: 'key-rotation', limit: 2 })).rows;
    expect(told.map(({ eventType }) => eventType)).toEqual(['store.lookup_rotated', 'store.lookup_rotation_started']);
    expect(told[0]?.changes).toMatchObject({ to: generation, phase: 'settled', status: 'completed' });
    expect(await admin.audit.verify()).toMatchObject({ findings: [] });
    await other.lms.close();
  });

  it('is not begun past a unit that claims under the key before: what that unit wrote is taken over', async () => {
    const { admin } = store;
    const lead = wholeLead();
    const { id } = await admin.leads.create(lead);
    const storage = place.handle();
    await storage.open();
    const { uniqueKeys, storeKeys, unitOfWork } = storage;
    const held = await uniqueKeys.heldBy(null, id);
    await admin.leads.delete(id);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hasRead: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => {
      hasRead = resolve;
    });
    // As a creator does of a process that is slow between the two.
    const claiming = unitOfWork.run('documents', async (unit) => {
      await storeKeys.find(unit, 'lookup');
      hasRead();
      await gate;
      return uniqueKeys.claim(
        unit,
        held.map((key) => ({ ...key, holderId: id })),
      );
    });
    await reading;
    let isDone = false;
    const rotating = admin.keys.rotateLookup().then((rotation) => {
      isDone = true;
      return rotation;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isDone).toBe(false);
    release();
    expect(await claiming).toEqual([]);
    const { generation } = await rotating;
    expect(await behind(place.handle(), generation)).toEqual([]);
    expect(await uniqueKeys.heldBy(null, id)).toHaveLength(held.length);
    await expect(admin.leads.create(lead)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
    await storage.close();
  });
});

describe('a rotation of the look-up key', { timeout: 120_000 }, () => {
  it('stops after any batch, finds all there is meanwhile, and goes on when it is run again', async () => {
    const place = await makePlace('sqlite');
    const { admin, lms } = await newStore(place.handle());
    const lead = wholeLead();
    const { id } = await admin.leads.create(lead);
    await admin.consents.block(id, { channel: 'sms', source: 'sms' });
    const tried = await admin.keys.rotateLookup({ dryRun: true });
    expect(tried).toEqual({
      generation: 1,
      phase: 'settled',
      dryRun: true,
      finished: true,
      rows: { uniqueKeys: 3, leads: 1, consents: 0, contactBlocks: 1 },
    });
    const phases = new Set<string>();
    const left: number[] = [];
    let runs = 0;
    for (let isFinished = false; !isFinished; runs += 1) {
      const stop = new AbortController();
      let seen = 0;
      const { finished } = await admin.keys.rotateLookup(
        {},
        {
          signal: stop.signal,
          onProgress() {
            seen += 1;
            if (seen > runs) stop.abort();
          },
        },
      );
      isFinished = finished;
      const { lookup } = await admin.keys.status();
      phases.add(lookup.phase);
      left.push(lookup.rowsLeft?.uniqueKeys ?? 0);
      expect(lookup.generation).toBe(2);
      expect((await admin.leads.find(String(lead.fields['mobile']))).leads).toHaveLength(1);
      expect((await admin.leads.find(String(lead.fields['pan']))).leads).toHaveLength(1);
      expect(await admin.consents.blocks(id)).toHaveLength(1);
      await expect(admin.leads.create(lead)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
    }
    expect(runs).toBeGreaterThan(5);
    expect([...phases]).toEqual(['taking-over', 'clearing', 'settled']);
    expect([left[0], left.at(-1)]).toEqual([3, 0]);
    expect(await behind(place.handle(), 2)).toEqual([]);
    await lms.close();
    await place.remove();
  });

  it('gives a value back under both keys, and takes another under both', async () => {
    const place = await makePlace('sqlite');
    const { admin, lms } = await newStore(place.handle());
    const [lead, other] = [wholeLead(), wholeLead()];
    const { id } = await admin.leads.create(lead);
    const stop = new AbortController();
    await admin.keys.rotateLookup({}, { signal: stop.signal, onProgress: () => stop.abort() });
    await admin.leads.update(id, { fields: { mobile: other.fields['mobile'] } });
    const storage = place.handle();
    await storage.open();
    expect(await storage.uniqueKeys.heldBy(null, id)).toHaveLength(6);
    await expect(admin.leads.create(other)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
    const freed = { ...loanFields(), mobile: lead.fields['mobile'] };
    await admin.leads.create({ productLine, fields: freed });
    await admin.leads.delete(id);
    expect(await storage.uniqueKeys.heldBy(null, id)).toEqual([]);
    await admin.leads.restore(id);
    expect(await storage.uniqueKeys.heldBy(null, id)).toHaveLength(6);
    expect(await admin.keys.rotateLookup()).toMatchObject({ generation: 2, finished: true });
    expect(await storage.uniqueKeys.heldBy(null, id)).toHaveLength(3);
    await storage.close();
    await lms.close();
    await place.remove();
  });

  it('takes nothing away that is held under the older key alone, as an earlier release may claim it', async () => {
    const place = await makePlace('sqlite');
    const { admin, lms } = await newStore(place.handle());
    const lead = wholeLead();
    const { id } = await admin.leads.create(lead);
    const storage = place.handle();
    await storage.open();
    const { uniqueKeys, unitOfWork } = storage;
    const before = await uniqueKeys.heldBy(null, id);
    const stop = new AbortController();
    const { phase } = await admin.keys.rotateLookup(
      {},
      { signal: stop.signal, onProgress: (progress) => progress.phase === 'clearing' && stop.abort() },
    );
    expect(phase).toBe('clearing');
    await unitOfWork.run('documents', async (unit) => {
      await uniqueKeys.release(unit, id);
      await uniqueKeys.claim(
        unit,
        before.map((key) => ({ ...key, holderId: id })),
      );
    });
    expect(await admin.keys.rotateLookup()).toMatchObject({ generation: 2, phase: 'settled' });
    const held = await uniqueKeys.heldBy(null, id);
    expect(held.map(({ hash }) => hash.slice(0, 2))).toEqual(['2.', '2.', '2.']);
    await expect(admin.leads.create(lead)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
    await storage.close();
    await lms.close();
    await place.remove();
  });

  it('is made by two at once as by one', async () => {
    const place = await makePlace('sqlite');
    const one = await newStore(place.handle());
    const other = await openStore(place.handle());
    await one.admin.leads.createMany(Array.from({ length: 60 }, () => ({ lead: wholeLead() })));
    const done = await Promise.all([one.admin.keys.rotateLookup(), other.admin.keys.rotateLookup()]);
    expect(done.map(({ finished }) => finished)).toEqual([true, true]);
    const { lookup } = await one.admin.keys.status();
    expect(await behind(place.handle(), lookup.generation)).toEqual([]);
    for (const { lms } of [one, other]) await lms.close();
    await place.remove();
  });

  it('goes on under another master key, and in a restored backup', async () => {
    const place = await makePlace('sqlite');
    const restored = await makePlace('sqlite');
    const { admin, lms } = await newStore(place.handle());
    const lead = wholeLead();
    await admin.leads.create(lead);
    const stop = new AbortController();
    await admin.keys.rotateLookup({}, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(await admin.keys.rotate()).toMatchObject({ rotated: true });
    const file = `${place.address.shape === 'sqlite' ? place.address.file : 'store'}.backup`;
    await admin.backups.create({ file });
    expect(await admin.keys.rotateLookup()).toMatchObject({ generation: 2, finished: true });
    const again = await openStore(restored.handle());
    await again.lms.restore({ file });
    const other = again.lms.as(root);
    expect((await other.leads.find(String(lead.fields['mobile']))).leads).toHaveLength(1);
    await expect(other.leads.create(lead)).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
    expect(await other.keys.rotateLookup()).toMatchObject({ generation: 2, finished: true });
    expect(await behind(restored.handle(), 2)).toEqual([]);
    for (const each of [lms, again.lms]) await each.close();
    for (const each of [place, restored]) await each.remove();
  });

  it('is not begun where nobody can wait for writers, as without the right collMod on MongoDB', async () => {
    const place = await makePlace('sqlite');
    const storage = place.handle();
    const refusal = new LmsError('STORE_MISCONFIGURED', { message: 'the user may not do this' });
    const storeKeys = { ...storage.storeKeys, awaitReaders: () => Promise.reject(refusal) };
    const { admin, lms } = await newStore({ ...storage, storeKeys });
    await expect(admin.keys.rotateLookup()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    expect((await admin.keys.status()).lookup).toEqual({ generation: 1, phase: 'settled', rowsLeft: null });
    await lms.close();
    await place.remove();
  });

  it('is made by admins alone', async () => {
    const place = await makePlace('sqlite');
    const store = await newStore(place.handle());
    const auditor = await store.user('omar', ['auditor']);
    const agent = await store.user('ravi', ['agent']);
    const refused = await Promise.allSettled([auditor.keys.rotateLookup(), agent.keys.rotateLookup({ dryRun: true })]);
    for (const each of refused)
      expect(each.status === 'rejected' && hasCode(each.reason, 'PERMISSION_DENIED')).toBe(true);
    await store.lms.close();
    await place.remove();
  });
});
