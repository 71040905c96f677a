import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningChild, startChild } from '../test-support/child.js';
import type { RaceCall, RaceOutcome, RaceQuestion } from '../test-support/race-child.js';
import { allShapes, makePlace, type StorePlace } from '../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../test-support/store.js';

type Racer = RunningChild<RaceQuestion, readonly RaceOutcome[]>;
type Done = Extract<RaceOutcome, { ok: true }>;

for (const shape of allShapes) {
  describe(`two processes at once on ${shape}`, { timeout: 60_000 }, () => {
    let place: StorePlace;
    let store: TestStore;
    let racers: readonly Racer[];

    beforeAll(async () => {
      place = await makePlace(shape);
      store = await newStore(place.handle());
      racers = await Promise.all(
        [1, 2].map(() => startChild<RaceQuestion, readonly RaceOutcome[]>('./race-child.ts', place.address)),
      );
    }, 60_000);
    afterAll(async () => {
      await Promise.all(racers.map((racer) => racer.end()));
      await store.lms.close();
      await place.remove();
    });

    /** All calls at once, every other one in the other process. */
    async function race(calls: readonly RaceCall[]): Promise<readonly RaceOutcome[]> {
      const answers = await Promise.all(
        racers.map((racer, which) => racer.ask({ calls: calls.filter((_, at) => at % racers.length === which) })),
      );
      return calls.flatMap((_, at) => answers[at % racers.length]?.[Math.floor(at / racers.length)] ?? []);
    }

    const done = (outcomes: readonly RaceOutcome[]): readonly Done[] => outcomes.filter((outcome) => outcome.ok);
    const codes = (outcomes: readonly RaceOutcome[]): readonly string[] =>
      outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.code]));
    let phones = 0;
    const newPhone = (): string => {
      phones += 1;
      return String(9_800_000_000 + phones);
    };

    it('100 creators get numbers of their own, and no phone goes to two leads', async () => {
      const mobiles = Array.from({ length: 90 }, newPhone);
      const outcomes = await race([...mobiles, ...mobiles.slice(0, 10)].map((mobile) => ({ what: 'create', mobile })));
      expect(codes(outcomes)).toEqual(Array(10).fill('LEAD_DUPLICATE'));
      expect(new Set(done(outcomes).map(({ number }) => number)).size).toBe(90);
      await store.lms.tick();
      const { columns } = await store.admin.leads.board({ productLine: 'personal-loan' });
      expect(columns[0]?.count).toBe(90);
    });

    it('50 writers on one lead each take effect, one version after the other', async () => {
      const lead = await store.admin.leads.create(loanLead());
      const outcomes = await race(
        Array.from({ length: 50 }, (_, at) => ({ what: 'set', lead: lead.id, property: `p${at}` })),
      );
      expect(codes(outcomes)).toEqual([]);
      const versions = done(outcomes).map(({ version }) => version);
      expect(versions.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 50 }, (_, at) => at + 2));
      const after = await store.admin.leads.get(lead.id);
      expect(after.version).toBe(51);
      expect(Object.keys(after.properties)).toHaveLength(50);
    });

    it('of 50 writers who expect one version, one takes effect and the others are told', async () => {
      const lead = await store.admin.leads.create(loanLead());
      const outcomes = await race(
        Array.from({ length: 50 }, (_, at) => ({ what: 'set', lead: lead.id, property: `p${at}`, expectedVersion: 1 })),
      );
      expect(codes(outcomes)).toEqual(Array(49).fill('LEAD_VERSION_STALE'));
      const after = await store.admin.leads.get(lead.id);
      expect(after.version).toBe(2);
      expect(Object.keys(after.properties)).toHaveLength(1);
    });

    it('10 who read, add one and write what they expect lose none of the ones', async () => {
      const lead = await store.admin.leads.create(loanLead());
      const outcomes = await race(Array.from({ length: 10 }, () => ({ what: 'count', lead: lead.id })));
      expect(codes(outcomes)).toEqual([]);
      expect(await store.admin.leads.get(lead.id)).toMatchObject({ version: 11, properties: { count: '10' } });
    });

    it('one idempotency key from 20 callers makes one lead and one note, and 20 equal replies', async () => {
      const mobile = newPhone();
      const created = await race(Array.from({ length: 20 }, () => ({ what: 'create', mobile, key: 'once' })));
      expect(new Set(created.map((outcome) => JSON.stringify(outcome)))).toEqual(new Set([JSON.stringify(created[0])]));
      const [lead] = done(created);
      expect(lead).toMatchObject({ version: 1 });
      const noted = await race(
        Array.from({ length: 20 }, () => ({ what: 'note', lead: lead?.id ?? '', text: 'called', key: 'once' })),
      );
      expect(new Set(noted.map((outcome) => JSON.stringify(outcome)))).toEqual(new Set([JSON.stringify(noted[0])]));
      expect(await store.admin.leads.get(lead?.id ?? '')).toMatchObject({ version: 2, activityCount: 2 });
    });

    it('a lead that is deleted, restored and changed at once holds its phone exactly while it is there', async () => {
      const rounds = Array.from({ length: 6 }, newPhone);
      const leads = await Promise.all(rounds.map((mobile) => store.admin.leads.create(loanLead({ mobile }))));
      const outcomes = await race(
        leads.flatMap(({ id }) => [
          { what: 'delete', lead: id },
          { what: 'set', lead: id, property: 'one' },
          { what: 'restore', lead: id },
          { what: 'delete', lead: id },
          { what: 'set', lead: id, property: 'two' },
          { what: 'restore', lead: id },
        ]),
      );
      expect(codes(outcomes).filter((code) => code !== 'LEAD_DELETED' && code !== 'LEAD_NOT_DELETED')).toEqual([]);
      for (const [at, { id }] of leads.entries()) {
        const after = await store.admin.leads.get(id);
        const versions = done(outcomes.slice(at * 6, at * 6 + 6)).map(({ version }) => version);
        expect(after.version).toBe(Math.max(1, ...versions));
        const again = store.admin.leads.create(loanLead({ mobile: rounds[at] }));
        if (after.deletedAt === null) await expect(again).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
        else await again;
      }
    });

    it('a phone that leads hand on at once is never held by two, nor lost', async () => {
      for (let round = 0; round < 4; round += 1) {
        const [first, second, free] = [newPhone(), newPhone(), newPhone()];
        const holder = await store.admin.leads.create(loanLead({ mobile: first }));
        const taker = await store.admin.leads.create(loanLead({ mobile: second }));
        const outcomes = await race([
          { what: 'phone', lead: holder.id, mobile: free },
          { what: 'phone', lead: taker.id, mobile: first },
          { what: 'create', mobile: first },
          { what: 'phone', lead: taker.id, mobile: second },
          { what: 'create', mobile: second },
          { what: 'phone', lead: holder.id, mobile: first },
        ]);
        expect(codes(outcomes).filter((code) => code !== 'LEAD_DUPLICATE')).toEqual([]);
        const made = done(outcomes).map(({ id }) => id);
        const ids = [...new Set([holder.id, taker.id, ...made])];
        const held = await Promise.all(ids.map(async (id) => (await store.admin.leads.get(id)).values['mobile']));
        expect(new Set(held).size).toBe(ids.length);
        for (const mobile of [first, second, free]) {
          const isHeld = held.includes(`+91${mobile}`);
          const outcome = store.admin.leads.create(loanLead({ mobile }));
          if (isHeld) await expect(outcome).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
          else await outcome;
        }
      }
    });
  });
}
