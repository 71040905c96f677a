import { expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';
import { hasCode } from '../../index.js';

const card = {
  slug: 'credit-card',
  name: 'Credit card',
  roles: { name: 'holder', phone: 'phone' },
  unique: [{ name: 'pan', scope: 'line', fields: ['pan'], while: 'always' }],
  index: [],
  fields: [
    { key: 'holder', label: 'Holder', type: 'text', required: true },
    { key: 'phone', label: 'Phone', type: 'phone' },
    { key: 'pan', label: 'PAN', type: 'pan' },
  ],
  pipeline: {
    stages: [
      { slug: 'new', name: 'New', next: ['won'] },
      { slug: 'won', name: 'Won', terminal: 'won' },
    ],
  },
};

type Leads = TestStore['admin']['leads'];
const foundBy = async (leads: Leads, text: string): Promise<string[]> =>
  (await leads.find(text)).leads.map(({ lead, foundBy: by }) => `${lead.number} ${by}`);

describeShapes((makeStorage) => {
  it('finds across product lines by number, phone, mail, PAN and last four digits, in any spelling', async () => {
    const store = await newStore(await makeStorage());
    const { leads } = store.admin;
    await store.admin.schemas.publish(card);
    const loan = await leads.create(
      loanLead({ mobile: '98200 12345', email: 'Asha.Rao@example.in', pan: 'ABCPE1234F', fullName: 'Asha Rao' }),
    );
    store.clock.advance('1s');
    const other = await leads.create({
      productLine: 'credit-card',
      fields: { holder: 'Asha Rao', phone: '+91-98200-12345', pan: 'abcpe1234f' },
    });
    await leads.create(loanLead());
    await store.lms.settle();
    const [month, sequence] = loan.number.slice(5).split('-');
    expect(await foundBy(leads, ` ${loan.number.toLowerCase()} `)).toEqual([`${loan.number} number`]);
    expect(await foundBy(leads, `${month}-${Number(sequence)}`)).toEqual([`${loan.number} number`]);
    expect(await foundBy(leads, loan.id)).toEqual([`${loan.number} id`]);
    const both = (one: string, two: string): string[] => [`${other.number} ${two}`, `${loan.number} ${one}`].sort();
    for (const phone of ['9820012345', '098200 12345', '+91 (98200) 12345']) {
      expect((await foundBy(leads, phone)).sort()).toEqual(both('mobile', 'phone'));
    }
    expect((await foundBy(leads, '2345')).sort()).toEqual(both('mobile:last4', 'phone:last4'));
    expect(await foundBy(leads, 'asha.rao@EXAMPLE.in')).toEqual([`${loan.number} email`]);
    expect((await foundBy(leads, 'ABCPE 1234 F')).sort()).toEqual(both('pan', 'pan'));
    for (const nothing of ['9820012346', '2346', 'LEAD-202601-99999', 'Asha', '982001', 'x@y.in']) {
      expect(await foundBy(leads, nothing), nothing).toEqual([]);
    }
  });

  it('finds what the actor may see alone, masked where reading is, and not what is deleted', async () => {
    const store = await newStore(await makeStorage());
    const agent = await store.user('ravi', ['agent'], ['west']);
    const stranger = await store.user('omar', ['agent'], ['east']);
    const auditor = await store.user('uma', ['auditor']);
    const lead = await agent.leads.create(loanLead({ mobile: '98200 12345', pan: 'ABCPE1234F' }));
    await store.lms.settle();
    for (const text of [lead.number, lead.id, '9820012345', '2345', 'ABCPE1234F']) {
      expect((await agent.leads.find(text)).leads, text).toHaveLength(1);
      expect((await stranger.leads.find(text)).leads, text).toEqual([]);
      expect((await auditor.leads.find(text)).leads[0]?.lead.phone, text).toMatch(/^\*+2345$/);
    }
    await store.admin.leads.delete(lead.id);
    await store.lms.settle();
    for (const text of [lead.number, '9820012345', '2345', 'ABCPE1234F']) {
      expect((await agent.leads.find(text)).leads, text).toEqual([]);
    }
  });

  it('follows a phone that changes, tells when there are more, and refuses nothing to look for', async () => {
    const store = await newStore(await makeStorage());
    const { leads } = store.admin;
    const made = await Promise.all(
      ['98200', '98201', '98202'].map((start) => leads.create(loanLead({ mobile: `${start}77777` }))),
    );
    await leads.update(made[0]?.id ?? '', { fields: { mobile: '9820088888' } });
    await store.lms.settle();
    expect((await leads.find('7777')).leads).toHaveLength(2);
    expect((await leads.find('8888')).leads).toHaveLength(1);
    expect(await leads.find('7777', { limit: 1 })).toMatchObject({
      hasMore: true,
      leads: [{ foundBy: 'mobile:last4' }],
    });
    for (const text of ['', '   ', 'x'.repeat(400)]) {
      await expect(leads.find(text)).rejects.toSatisfy((error) => hasCode(error, 'INPUT_INVALID'));
    }
  });
});
