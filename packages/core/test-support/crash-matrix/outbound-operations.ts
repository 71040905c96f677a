import { createLms } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';
import { otherSystem } from '../other-system.js';
import { localTarget } from '../outbound-desk.js';
import { root } from './leads-of-point.js';
import type { CrashOperation } from './operation.js';

/** Calls to other systems. */
export const outboundOperations: readonly CrashOperation[] = [
  {
    name: 'call another system',
    async run(_lms, { tag }, { storage }) {
      await using there = await otherSystem((_, response) => response.end('{"taken":true}'));
      const budgets = [{ per: 'day', limit: 1_000_000 }] as const;
      const targets = { there: localTarget(there, { budgets }) };
      const { outbound, exchanges } = (await createLms({ storage, key: testKey, outbound: { targets } })).as(root);
      // As a caller who heard nothing: what was answered is not asked for again, what stayed open is.
      const { exchanges: answered } = await exchanges.list({ purpose: tag, end: 'answered' });
      if (answered.length === 0) await outbound.call({ target: 'there', purpose: tag, method: 'POST', path: '/leads' });
    },
    signs: ({ exchanges }, { tag }) => ({
      'an answered record':
        exchanges.filter(({ purpose, outcome }) => purpose === tag && outcome === 'answered').length === 1,
    }),
  },
];
