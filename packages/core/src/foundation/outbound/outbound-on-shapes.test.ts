import { expect, test } from 'vitest';
import { otherSystem } from '../../../test-support/other-system.js';
import { localTarget } from '../../../test-support/outbound-desk.js';
import { allShapes, makePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../../../test-support/store.js';

test.each(allShapes)(
  'two stores opened on one %s share a budget, and each reads what the other called',
  async (shape) => {
    await using there = await otherSystem((_, response) => response.end('{"score":742}'));
    const place = await makePlace(shape);
    try {
      const budgets = [{ per: 'day', limit: 5 }] as const;
      const outbound = { targets: { bureau: localTarget(there, { budgets }) } };
      const now = '2026-01-15T04:30:00.000Z';
      const one = await newStore(place.handle(), now, { outbound });
      const other = await openStore(place.handle(), now, { outbound });
      const { id } = await one.admin.leads.create(loanLead());
      const subject = { kind: 'lead', id };
      const request = {
        target: 'bureau',
        purpose: 'bureau-pull',
        method: 'POST',
        path: '/{pan}/score',
        parameters: { pan: 'ABCDE1234F' },
        body: 'Asha Rao',
        subject,
      } as const;
      const calls = await Promise.allSettled(
        Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? one : other).admin.outbound.call(request)),
      );
      expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(there.received).toHaveLength(5);
      expect(await other.admin.outbound.budgets()).toMatchObject([{ spent: 5, limit: 5 }]);
      const { exchanges } = await one.admin.exchanges.list({ subject });
      expect(exchanges.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'answered'));
      for (const exchange of exchanges) {
        expect(await other.admin.exchanges.get(exchange.id)).toMatchObject({
          content: 'shown',
          request: { body: { text: 'Asha Rao' } },
          response: { body: { text: '{"score":742}' } },
        });
      }
      await one.lms.settle();
      const atRest = await place.raw();
      expect(atRest).toContain('/{pan}/score');
      expect(['ABCDE1234F', 'Asha Rao', 'score":742'].filter((text) => atRest.includes(text))).toEqual([]);
      await one.lms.close();
      await other.lms.close();
    } finally {
      await place.remove();
    }
  },
  60_000,
);
