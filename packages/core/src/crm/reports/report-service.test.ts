import { expect, it } from 'vitest';
import { describeShapes } from '../../../test-support/shapes.js';
import { loanLead, newStore, type TestStore } from '../../../test-support/store.js';

async function moved(
  store: TestStore,
  through: readonly string[],
  fields: Record<string, unknown> = {},
): Promise<string> {
  const lead = await store.admin.leads.create(loanLead(fields));
  await store.admin.leads.completeTask(lead.id, 'first-call', { fields: { outcome: 'spoke' } });
  for (const to of through) await store.admin.leads.move(lead.id, { to });
  return lead.id;
}

describeShapes((makeStorage) => {
  it('counts who entered each stage and who stands there, with conversions', async () => {
    const store = await newStore(await makeStorage());
    await moved(store, []);
    await moved(store, ['contacted'], { loanAmount: '1,00,000' });
    await moved(store, ['contacted', 'qualified', 'won'], { loanAmount: '3 lakh' });
    await moved(store, ['lost']);
    await store.admin.leads.delete(await moved(store, ['contacted']));
    await store.lms.settle();
    const funnel = await store.admin.reports.funnel({ productLine: 'personal-loan' });
    expect(funnel.leads).toBe(4);
    expect(
      funnel.stages.map((one) => [
        one.stage,
        one.entered,
        one.current,
        one.currentAmountPaise,
        one.conversionFromPrevious,
        one.conversionFromFirst,
      ]),
    ).toEqual([
      ['new', 4, 1, 25_000_000, null, null],
      ['contacted', 2, 1, 10_000_000, '50', '50'],
      ['qualified', 1, 0, 0, '50', '25'],
      ['won', 1, 1, 30_000_000, '100', '25'],
      ['lost', 1, 1, 25_000_000, null, '25'],
    ]);
    const small = await store.admin.reports.funnel({ productLine: 'personal-loan', amountPaiseMax: 10_000_000 });
    expect(small.stages.map((one) => one.entered)).toEqual([1, 1, 0, 0, 0]);
  });

  it('counts a stage once for a lead that came back to it', async () => {
    const store = await newStore(await makeStorage());
    await moved(store, ['lost', 'new']);
    await store.lms.settle();
    const { stages } = await store.admin.reports.funnel({ productLine: 'personal-loan' });
    expect(stages.find((one) => one.stage === 'new')).toMatchObject({ entered: 1, current: 1 });
  });

  it('shows an agent its own leads and no others, and needs the permission', async () => {
    const store = await newStore(await makeStorage());
    const agent = await store.user('asha', ['agent']);
    await agent.leads.create(loanLead());
    await moved(store, []);
    await store.lms.settle();
    expect((await agent.reports.funnel({ productLine: 'personal-loan' })).leads).toBe(1);
    expect((await store.admin.reports.funnel({ productLine: 'personal-loan' })).leads).toBe(2);
    const stranger = store.lms.as({ kind: 'user', id: 'nobody' });
    await expect(stranger.reports.funnel({ productLine: 'personal-loan' })).rejects.toMatchObject({
      code: 'ACTOR_UNKNOWN',
    });
    await expect(agent.reports.funnel({ productLine: 'nothing' })).rejects.toMatchObject({ code: 'LINE_NOT_FOUND' });
  });
});
