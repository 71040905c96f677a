import { bullmqWakeup } from '../src/foundation/jobs/bullmq/index.js';
import { createLms, systemClock } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './store-address.js';

/** A worker in a process of its own that never looks for jobs by itself: it hears of them through Redis, or not at all. */
export interface WakePlan {
  readonly address: StoreAddress;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly kind: string;
}

const plan: WakePlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({
  storage: openAddress(plan.address),
  key: testKey,
  clock: systemClock,
  jobs: {
    pollMillis: 3_600_000,
    wakeup: bullmqWakeup({ url: plan.redisUrl, prefix: plan.prefix }),
    handlers: [{ kind: plan.kind, run: async () => process.pid }],
  },
});
await lms.worker.start({ concurrency: 1, kinds: [plan.kind] });
process.once('disconnect', () => void lms.close());
process.send?.('ready');
