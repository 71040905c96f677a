import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createLms } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';
import { otherSystem } from '../other-system.js';
import { localTarget } from '../outbound-desk.js';
import { root } from './leads-of-point.js';
import type { CrashOperation, Subject } from './operation.js';

/** Calls to other systems. */
export const outboundOperations: readonly CrashOperation[] = [
  {
    name: 'call another system',
    async run(_lms, { tag, output }, { storage }) {
      // What came in outlives the process that was cut.
      await using there = await otherSystem(({ url }, response) => {
        appendFileSync(output, `${url}\n`);
        response.end('{"taken":true}');
      });
      const budgets = [{ per: 'day', limit: 1_000_000 }] as const;
      const targets = { there: localTarget(there, { budgets }) };
      const { outbound, exchanges } = (await createLms({ storage, key: testKey, outbound: { targets } })).as(root);
      // As a caller who heard nothing: what was answered is not asked for again, what stayed open is.
      const { exchanges: answered } = await exchanges.list({ purpose: tag, end: 'answered' });
      if (answered.length > 0) return;
      const path = `/leads/${randomUUID()}`;
      await outbound.call({ target: 'there', purpose: tag, method: 'POST', path });
    },
    signs: ({ exchanges }, subject) => {
      const records = exchanges.filter(({ purpose }) => purpose === subject.tag);
      return {
        'an answered record': records.filter(({ outcome }) => outcome === 'answered').length === 1,
        'a record of every call that came in': records.length >= cameIn(subject).length,
      };
    },
    // A call is never sent a second time by itself, and one without an answer leaves no record that says otherwise.
    inParts: true,
    async look(_lms, subject) {
      const calls = cameIn(subject);
      return calls.length === new Set(calls).size ? [] : [`one call came in twice: ${calls.join(' ')}`];
    },
  },
];

function cameIn({ output }: Subject): readonly string[] {
  return existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [];
}
