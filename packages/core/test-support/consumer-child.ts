import { appendFileSync } from 'node:fs';
import { createLms } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './store-address.js';

/** Consumes events in a process of its own, which is killed between the effect of one and its checkpoint. */
export interface ConsumerPlan {
  readonly address: StoreAddress;
  /** Where the handler leaves its effects, a line each. */
  readonly file: string;
  /** Killed after so many effects. */
  readonly dieAfter: number;
}

const plan: ConsumerPlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({ storage: openAddress(plan.address), key: testKey, events: { leaseMillis: 1_000 } });
let effects = 0;
await lms.events.consume(
  'killed',
  async ({ aggregate: { id, version } }) => {
    appendFileSync(plan.file, `${id} ${version}\n`);
    effects += 1;
    if (effects === plan.dieAfter) process.kill(process.pid, 'SIGKILL');
  },
  { types: ['lead.*'] },
);
await lms.worker.start();
