import { expect, it } from 'vitest';
import { allShapes, describeShapes } from '../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../test-support/store.js';

const now = '2026-02-01T00:30:00.000Z';
/** A process whose clock was set back: into the day and, where business is done, the month before. */
const anHourBefore = '2026-01-31T18:00:00.000Z';

describeShapes((makeStorage, { anotherHandle }) => {
  it('a process whose clock is behind loses, doubles and forgets nothing', async () => {
    const storage = await makeStorage();
    const ahead = await newStore(storage, now);
    const behind = await openStore(await anotherHandle(storage), anHourBefore);
    const request = loanLead();
    const lead = await ahead.admin.leads.create(request, { idempotencyKey: 'once' });
    const note = { type: 'NOTE', text: 'written ahead' } as const;
    await ahead.admin.leads.addActivity(lead.id, note, { idempotencyKey: 'note' });

    expect((await behind.admin.leads.create(request, { idempotencyKey: 'once' })).id).toBe(lead.id);
    await behind.admin.leads.addActivity(lead.id, note, { idempotencyKey: 'note' });
    await behind.admin.leads.addActivity(lead.id, { type: 'NOTE', text: 'written behind' });
    await behind.lms.tick();
    const moved = await behind.admin.leads.move(lead.id, { to: 'lost', comment: 'no answer' });
    expect(moved).toMatchObject({ version: 4, stage: 'lost', activityCount: 4 });
    const later = await behind.admin.leads.create(loanLead());
    expect(later.number).not.toBe(lead.number);

    // What was written last stands, whatever time it says.
    const { columns } = await ahead.admin.leads.board({ productLine: 'personal-loan' });
    expect(Object.fromEntries(columns.map(({ stage, count }) => [stage, count]))).toMatchObject({ new: 1, lost: 1 });
    const texts: (string | null)[] = [];
    const ids = new Set<string>();
    for await (const activity of ahead.admin.leads.activities(lead.id)) {
      texts.push(activity.text);
      ids.add(activity.id);
    }
    expect(texts.filter((text) => text !== null).sort()).toEqual(['no answer', 'written ahead', 'written behind']);
    expect(ids.size).toBe(4);
    const { rows } = await ahead.admin.audit.list({ aggregateId: lead.id });
    expect(rows.map(({ aggregate }) => aggregate.version).toSorted()).toEqual([1, 2, 3, 4]);
    expect((await ahead.admin.leads.create(request, { idempotencyKey: 'once' })).id).toBe(lead.id);
    expect((await ahead.admin.leads.list().page()).items).toHaveLength(2);
    await behind.lms.close();
  });
}, allShapes);
