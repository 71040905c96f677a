import { expect, it } from 'vitest';
import { type RunningChild, startChild } from '../../../test-support/child.js';
import type { SealAnswer, SealPlan, SealQuestion } from '../../../test-support/seal-child.js';
import { allShapes, makePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore } from '../../../test-support/store.js';

it.each(allShapes)(
  'three sealers at once on %s, one of which is killed before its commit, make one chain of the rows that a store had before',
  { timeout: 60_000 },
  async (shape) => {
    const place = await makePlace(shape);
    const storage = place.handle();
    const { admin, lms } = await newStore(storage);
    const children: RunningChild<SealQuestion, SealAnswer>[] = [];
    try {
      for (let made = 0; made < 5; made += 1) {
        await admin.leads.createMany(Array.from({ length: 10 }, () => ({ lead: loanLead() })));
      }
      await lms.settle();
      const { count } = await storage.auditChain.waiting(1_000);
      expect(count).toBeGreaterThan(50);

      const start = (hold: boolean) =>
        startChild<SealQuestion, SealAnswer>('./seal-child.ts', { address: place.address, hold } satisfies SealPlan);
      const [first, second, killed] = await Promise.all([start(false), start(false), start(true)]);
      children.push(first, second, killed);
      expect(await killed.ask({ what: 'seal' })).toEqual({ held: true });
      const sealing = Promise.all([first.ask({ what: 'seal' }), second.ask({ what: 'seal' })]);
      await killed.ask({ what: 'die' }).catch(() => undefined);
      const answers = await sealing;
      expect(answers.map((each) => (each.held ? 0 : each.sealed)).reduce((sum, each) => sum + each, 0)).toBe(count);

      const rows = await storage.auditChain.rows(0, 1_000);
      expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
      expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort());
      expect(await admin.audit.verify()).toMatchObject({ ok: true, rows: count });
    } finally {
      for (const child of children) await child.end();
      await lms.close();
      await place.remove();
    }
  },
);
