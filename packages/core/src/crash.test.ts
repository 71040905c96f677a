import { afterAll, describe, expect, it } from 'vitest';
import { runChild } from '../test-support/child.js';
import type { CrashPlan } from '../test-support/crash-child.js';
import { makePlace, type StorePlace, testedShapes } from '../test-support/shapes.js';
import { loanLead, newStore, openStore, type TestStore } from '../test-support/store.js';
import { LmsError } from './index.js';

for (const shape of testedShapes) {
  describe(`on ${shape}`, () => {
    const places: StorePlace[] = [];
    const stores: TestStore[] = [];
    afterAll(async () => {
      await Promise.all(stores.map((store) => store.lms.close()));
      await Promise.all(places.map((place) => place.remove()));
    });
    const place = async (): Promise<{ place: StorePlace; store: TestStore }> => {
      const made = await makePlace(shape);
      places.push(made);
      const store = await newStore(made.handle());
      stores.push(store);
      await store.user('asha', ['agent'], ['west']);
      return { place: made, store };
    };
    /** A process that was not there when it happened. */
    const survivor = async (made: StorePlace): Promise<TestStore> => {
      const store = await openStore(made.handle());
      stores.push(store);
      return store;
    };
    const crash = async (plan: CrashPlan): Promise<void> => {
      const end = await runChild('./crash-child.ts', plan);
      expect(end, end.stderr).toMatchObject({ signal: 'SIGKILL' });
    };

    it('leaves nothing of a lead when killed before the commit', { timeout: 100_000 }, async () => {
      const { place: made, store } = await place();
      const { fields } = loanLead();
      await crash({
        address: made.address,
        command: 'create',
        home: 'documents',
        at: 'before-commit',
        lead: '',
        fields,
      });
      const { admin, lms } = await survivor(made);
      await lms.tick();
      expect((await admin.leads.list().page()).items).toEqual([]);
      expect((await admin.audit.list({ eventType: 'lead.created' })).rows).toEqual([]);
      // MongoDB gives up the dead process's transaction by itself, and with it the phone it had taken.
      const { leads } = store.admin;
      await expect
        .poll(() => leads.create({ productLine: 'personal-loan', fields }).then(({ stage }) => stage, codeOf), {
          timeout: 90_000,
          interval: 200,
        })
        .toBe('new');
    });

    it('has the lead, its facts, its owner and one audit row when killed after the commit', async () => {
      const { place: made } = await place();
      const { fields } = loanLead();
      const plan = { address: made.address, command: 'create', lead: '', fields } as const;
      // With two databases the kill comes between the commit of the lead and the projection of its facts.
      await crash(
        shape === 'sqlite'
          ? { ...plan, home: 'documents', at: 'after-commit' }
          : { ...plan, home: 'ledger', at: 'begin' },
      );
      const { admin, lms } = await survivor(made);
      const before = (await admin.leads.list().page()).items;
      expect(before).toHaveLength(shape === 'sqlite' ? 1 : 0);
      expect(await lms.tick()).toMatchObject({ projected: shape === 'sqlite' ? 0 : 1 });
      expect(await lms.tick()).toMatchObject({ projected: 0 });
      const [lead] = (await admin.leads.list({ owner: 'asha' }).page()).items;
      expect(lead).toMatchObject({ stage: 'new', ownerId: 'asha' });
      expect((await admin.audit.list({ aggregateId: lead?.id ?? '' })).rows).toHaveLength(1);
      const board = await admin.leads.board({ productLine: 'personal-loan' });
      expect(board.columns[0]?.count).toBe(1);
      const again = await admin.leads.assign(lead?.id ?? '', { to: 'asha' });
      expect(again).toMatchObject({ changed: false, placementVersion: 1 });
    });

    it('brings an assignment to the lead when killed after its commit', async () => {
      const { place: made, store } = await place();
      const lead = await store.admin.leads.create(loanLead());
      const plan = { address: made.address, command: 'assign', lead: lead.id, fields: {} } as const;
      await crash(
        shape === 'sqlite'
          ? { ...plan, home: 'ledger', at: 'after-commit' }
          : { ...plan, home: 'documents', at: 'begin' },
      );
      const { admin, lms } = await survivor(made);
      await lms.tick();
      await lms.tick();
      expect(await admin.leads.get(lead.id)).toMatchObject({ ownerId: 'asha', version: 1 });
      const assigned: string[] = [];
      for await (const activity of admin.leads.activities(lead.id)) {
        if (activity.type === 'ASSIGNED') assigned.push(activity.id);
      }
      expect(assigned).toHaveLength(1);
    });

    it('holds no personal data in the clear, at rest, anywhere', async () => {
      const { place: made, store } = await place();
      const secrets = [
        'Zubeida Qx',
        '9811122233',
        'zubeida.qx@example.in',
        'ZZZPZ4321Z',
        'weavers-lane-7',
        'pavement-9',
      ];
      const [fullName = '', mobile, email, pan, remarks, note = ''] = secrets;
      const aadhaar = ['2341 2341 2346', '2341-2341-2346', '2341/2341/2346', '२३४१ २३४१ २३४६', '234123412346'];
      const [city, campaign = '', value = '', second, channel = ''] = aadhaar;
      const lead = await store.admin.leads.create({
        ...loanLead({ fullName, mobile, email, pan, remarks, city }),
        campaign,
        properties: { value },
      });
      await store.admin.leads.addActivity(lead.id, { type: 'NOTE', text: note });
      await store.admin.leads.update(lead.id, {
        fields: { remarks: `${remarks} again`, fullName: `${fullName} Two`, city: `${second} too` },
        channel,
      });
      await store.admin.leads.assign(lead.id, { to: 'asha', reason: note });
      await store.admin.leads.move(lead.id, { to: 'lost', comment: note });
      await store.lms.settle();
      const raw = await made.raw();
      expect(raw).toContain(lead.number);
      for (const secret of [...secrets, ...aadhaar]) expect(raw).not.toContain(secret);
      expect(raw).toContain('XXXX XXXX 2346');
      expect((await store.admin.leads.get(lead.id)).name).toBe(`${fullName} Two`);
    });
  });
}

function codeOf(error: unknown): string {
  return LmsError.isInstance(error) ? error.code : String(error);
}
