import { expect, it } from 'vitest';
import { breaking } from '../../../test-support/broken-storages/breaking.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../../../test-support/store.js';
import { hasCode, type LmsError } from '../../index.js';

const withCode = (code: Parameters<typeof hasCode>[1]) => expect.toSatisfy((error: unknown) => hasCode(error, code));

describeShapes((makeStorage) => {
  it('places a lead with the agent who made it; other agents do not see it', async () => {
    const { user, admin, lms } = await newStore(await makeStorage());
    const asha = await user('asha', ['agent'], ['west']);
    const ravi = await user('ravi', ['agent'], ['west']);
    const lead = await asha.leads.create(loanLead());
    expect(lead.ownerId).toBe('asha');
    await admin.leads.create(loanLead());
    expect((await asha.leads.list().page()).items.map(({ number }) => number)).toEqual([lead.number]);
    expect((await ravi.leads.list().page()).items).toEqual([]);
    await expect(ravi.leads.get(lead.id)).rejects.toThrow(withCode('LEAD_NOT_FOUND'));
    await expect(ravi.leads.update(lead.id, { fields: { city: 'Goa' } })).rejects.toThrow(withCode('LEAD_NOT_FOUND'));
    await expect(asha.leads.delete(lead.id)).rejects.toThrow(withCode('PERMISSION_DENIED'));
    await expect(lms.as({ kind: 'user', id: 'nobody' }).leads.list().page()).rejects.toThrow(withCode('ACTOR_UNKNOWN'));
  });

  it('lets a manager see the team and unowned leads, and hand leads over within the team', async () => {
    const { user, admin } = await newStore(await makeStorage());
    const manager = await user('meera', ['manager'], ['west']);
    const asha = await user('asha', ['agent'], ['west']);
    const ravi = await user('ravi', ['agent'], ['west']);
    const far = await user('farah', ['agent'], ['north']);
    const mine = await asha.leads.create(loanLead());
    const other = await far.leads.create(loanLead());
    const unowned = await admin.leads.create(loanLead());
    const seen = (await manager.leads.list().page()).items.map(({ number }) => number);
    expect(new Set(seen)).toEqual(new Set([mine.number, unowned.number]));
    await expect(manager.leads.get(other.id)).rejects.toThrow(withCode('LEAD_NOT_FOUND'));
    await manager.leads.assign(mine.number, { to: 'ravi' });
    expect((await ravi.leads.get(mine.id)).ownerId).toBe('ravi');
    expect((await ravi.leads.get(mine.id)).version).toBe(1);
    await expect(asha.leads.get(mine.id)).rejects.toThrow(withCode('LEAD_NOT_FOUND'));
    expect((await admin.leads.list({ owner: 'ravi' }).page()).items.map(({ number }) => number)).toEqual([mine.number]);
  });

  it('does not find a lead of others, whatever else is wrong with it', async () => {
    const storage = await makeStorage();
    const { user } = await newStore(storage);
    const asha = await user('asha', ['agent']);
    await user('ravi', ['agent']);
    const lead = await asha.leads.create(loanLead());
    const { lms } = await openStore(breaking('dataKeys', () => ({ find: async () => [] }))(storage));
    const getAs = (id: string) => lms.as({ kind: 'user', id }).leads.get(lead.id);
    await expect(getAs('asha')).rejects.toThrow(withCode('STORE_CORRUPT'));
    await expect(getAs('ravi')).rejects.toThrow(withCode('LEAD_NOT_FOUND'));
  });

  it.each(['get', 'list'] as const)(
    'shows by %s what is left of a lead that is erased while it is read',
    async (how) => {
      const storage = await makeStorage();
      const { lms, admin } = await newStore(storage);
      const { id } = await admin.leads.create(loanLead());
      await lms.settle();
      let tell = (): void => undefined;
      const keyWasRead = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const withKeys = breaking('dataKeys', (real) => ({
        async find(unit, kind, ids) {
          const found = await real.find(unit, kind, ids);
          if (kind === 'lead') tell();
          return found;
        },
      }));
      const withLeads = breaking('leads', (real) => ({
        async get(unit, ids) {
          await keyWasRead;
          await admin.leads.erase(id, { reason: 'person-asked' });
          return real.get(unit, ids);
        },
      }));
      const { leads } = (await openStore(withLeads(withKeys(storage)))).admin;
      const [seen] = how === 'get' ? [await leads.get(id)] : (await leads.list().page()).items;
      expect(seen).toMatchObject({ id, values: {}, phone: null, erasedAt: expect.any(String) });
    },
  );

  it('tells who has a value only of leads that the actor may see', async () => {
    const { user, admin } = await newStore(await makeStorage());
    const asha = await user('asha', ['agent'], ['west']);
    const ravi = await user('ravi', ['agent'], ['west']);
    const mobile = '9876543210';
    const held = await asha.leads.create(loanLead({ mobile }));
    const hidden = { rule: 'mobile', fields: ['mobile'], leadId: null, number: null, reference: null, hidden: true };
    const shown = { ...hidden, leadId: held.id, number: held.number, hidden: false };
    const another = await ravi.leads.create(loanLead());

    /** What every way of asking for the value says of who has it. */
    const answersTo = async ({ leads }: typeof asha, own: string) => {
      const error = (work: Promise<unknown>): Promise<LmsError> => work.then(Promise.reject, (reason) => reason);
      const [created] = await leads.createMany([{ lead: loanLead({ mobile }) }]);
      const [updated] = await leads.updateMany([{ lead: own, patch: { fields: { mobile } } }]);
      return {
        outcomes: [created, await leads.checkCreate(loanLead({ mobile }))],
        errors: [
          await error(leads.create(loanLead({ mobile }))),
          await error(leads.update(own, { fields: { mobile } })),
          updated?.ok === false ? updated.error : null,
        ],
      };
    };

    const toRavi = await answersTo(ravi, another.id);
    expect(toRavi.outcomes).toEqual([1, 2].map(() => ({ kind: 'duplicate', holders: [hidden] })));
    for (const error of toRavi.errors) {
      expect(error).toMatchObject({ code: 'LEAD_DUPLICATE', path: 'mobile', details: { holders: [hidden] } });
      expect(error?.message).toContain('a lead that you may not see');
      expect(error?.message).not.toContain(held.number);
    }

    await asha.leads.update(held.id, { collaboratorIds: ['ravi'] });
    const toAdmin = await answersTo(admin, another.id);
    for (const told of [await answersTo(ravi, another.id), toAdmin]) {
      expect(told.outcomes).toEqual([1, 2].map(() => ({ kind: 'duplicate', holders: [shown] })));
      for (const error of told.errors) {
        expect(error).toMatchObject({ code: 'LEAD_DUPLICATE', details: { holders: [shown] } });
        expect(error?.message).toContain(held.number);
      }
    }
  });

  it('looks up who may see the holders once a batch, and never for those who see all', async () => {
    const storage = await makeStorage();
    let lookUps = 0;
    const placed: typeof storage.facts.placed = (ids) => {
      lookUps += 1;
      return storage.facts.placed(ids);
    };
    const { user, admin } = await newStore({ ...storage, facts: { ...storage.facts, placed } });
    const asha = await user('asha', ['agent'], ['west']);
    const items = Array.from({ length: 30 }, () => ({ lead: loanLead() }));
    await admin.leads.createMany(items);
    for (const [services, expected] of [
      [admin, 0],
      [asha, 1],
    ] as const) {
      lookUps = 0;
      const outcomes = await services.leads.createMany(items);
      expect(outcomes.every(({ kind }) => kind === 'duplicate')).toBe(true);
      expect(lookUps).toBe(expected);
    }
  });

  it('masks personal values for an auditor, and refuses changes', async () => {
    const { user, admin } = await newStore(await makeStorage());
    const auditor = await user('omar', ['auditor']);
    const lead = await admin.leads.create(
      loanLead({
        fullName: 'Asha Rao',
        mobile: '9876543210',
        pan: 'ABCPD1234E',
        city: 'Pune',
        remarks: 'secret words',
      }),
    );
    await admin.leads.addActivity(lead.id, { type: 'NOTE', text: 'very private' });
    const read = await auditor.leads.get(lead.id);
    const text = JSON.stringify(read);
    for (const secret of ['Asha Rao', '9876543210', 'ABCPD1234E', 'secret words', 'very private']) {
      expect(text).not.toContain(secret);
    }
    expect(read).toMatchObject({ masked: true, number: lead.number });
    expect(read.values['city']).toBe('Pune');
    expect(JSON.stringify((await auditor.leads.list().page()).items)).not.toContain('Asha');
    expect(JSON.stringify(await auditor.leads.board({ productLine: 'personal-loan' }))).not.toContain('Asha');
    await expect(auditor.leads.update(lead.id, { fields: { city: 'Goa' } })).rejects.toThrow(
      withCode('PERMISSION_DENIED'),
    );
  });

  it('keeps no whole Aadhaar number, whatever text somebody typed it into', async () => {
    const { user, admin } = await newStore(await makeStorage());
    await user('asha', ['agent']);
    const typed = '2341 2341 2346';
    const loan = loanLead({ city: `Pune ${typed}`, remarks: `card ${typed}`, fullName: `Asha ${typed}` });
    const lead = await admin.leads.create({
      ...loan,
      source: `card ${typed}`,
      channel: typed,
      campaign: 'LEAD-202601-123454',
      properties: { note: 'his number is २३४१-२३४१-२३४६', ref: '0194b5e1-1234-7000-8000-234123412346' },
    });
    await admin.leads.update(lead.id, {
      fields: { city: 'Goa, 2341/2341/2346' },
      properties: { second: typed },
      campaign: `back ${typed}`,
    });
    await admin.leads.addActivity(lead.id, { type: 'NOTE', text: `note 2341–2341–2346` });
    await admin.leads.assign(lead.id, { to: 'asha', reason: `has ${typed}` });
    await admin.leads.move(lead.id, { to: 'lost', comment: `gave 234123412346` });
    const whole = await admin.leads.get(lead.id);
    expect(whole).toMatchObject({
      masked: false,
      source: 'card XXXX XXXX 2346',
      channel: 'XXXX XXXX 2346',
      campaign: 'back XXXX XXXX 2346',
      values: { fullName: 'Asha XXXX XXXX 2346', city: 'Goa, XXXX XXXX 2346', remarks: 'card XXXX XXXX 2346' },
      entered: { fullName: 'Asha XXXX XXXX 2346', city: 'Goa, XXXX XXXX 2346', remarks: 'card XXXX XXXX 2346' },
      properties: { note: 'his number is XXXX XXXX 2346', second: 'XXXX XXXX 2346' },
    });
    expect(whole.properties['ref']).toBe('0194b5e1-1234-7000-8000-234123412346');
    const texts = (await admin.leads.activities(lead.id).page()).items.map(({ text }) => text);
    expect(texts.filter((text) => text !== null).toSorted()).toEqual([
      'gave XXXX XXXX 2346',
      'has XXXX XXXX 2346',
      'note XXXX XXXX 2346',
    ]);
    const { rows } = await admin.audit.list({ aggregateId: lead.id });
    expect(JSON.stringify(rows).replaceAll('-234123412346', '')).not.toMatch(/2341\D?2341/);
  });

  it('leaves exactly one audit row for each effect, none for refusals', async () => {
    const { user, admin } = await newStore(await makeStorage());
    await user('asha', ['agent']);
    const lead = await admin.leads.create(loanLead({ fullName: 'Asha Rao', mobile: '9876543210' }));
    await admin.leads.update(lead.id, { fields: { mobile: '9876543211' } });
    await admin.leads.update(lead.id, { fields: { mobile: '9876543211' } });
    await admin.leads.move(lead.id, { to: 'qualified' }).catch(() => undefined);
    await admin.leads.move(lead.id, { to: 'lost' });
    await admin.leads.assign(lead.id, { to: 'asha' });
    await admin.leads.delete(lead.id);
    const { rows } = await admin.audit.list({ aggregateId: lead.id });
    expect(rows.map(({ eventType, aggregate }) => [eventType, aggregate.version]).toReversed()).toEqual([
      ['lead.created', 1],
      ['lead.updated', 2],
      ['lead.stage_changed', 3],
      ['lead.assigned', 1],
      ['lead.deleted', 4],
    ]);
    const all = await admin.audit.list({ limit: 100 });
    const text = JSON.stringify(all.rows);
    for (const secret of ['Asha Rao', '9876543210', '9876543211']) expect(text).not.toContain(secret);
    expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.payloadHash) && row.position === null)).toBe(true);
  });

  it('masks what only the role auditor shows, also for an agent', async () => {
    const { user, admin } = await newStore(await makeStorage());
    const both = await user('both', ['agent', 'auditor']);
    const lead = await admin.leads.create(loanLead({ fullName: 'Asha Rao', mobile: '9876543210' }));
    const read = await both.leads.get(lead.id);
    expect(read.masked).toBe(true);
    expect(JSON.stringify(read)).not.toMatch(/Asha Rao|9876543210/);
  });

  it('does not tell who is in the directory to those who may not change the lead', async () => {
    const { user, admin, lms } = await newStore(await makeStorage());
    const auditor = await user('omar', ['auditor']);
    const stranger = lms.as({ kind: 'user', id: 'nobody' });
    const lead = await admin.leads.create(loanLead());
    for (const collaboratorIds of [['omar'], ['not-there']]) {
      await expect(auditor.leads.update(lead.id, { collaboratorIds })).rejects.toThrow(withCode('PERMISSION_DENIED'));
      await expect(stranger.leads.update(lead.id, { collaboratorIds })).rejects.toThrow(withCode('ACTOR_UNKNOWN'));
    }
  });
});
