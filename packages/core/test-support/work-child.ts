import { createLms } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './store-address.js';

/** A worker in a process of its own, as `lms work` is: it opens the store at once, and works from the first message on. */
export interface WorkPlan {
  readonly address: StoreAddress;
  readonly batchSize: number;
}

const plan: WorkPlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({
  storage: openAddress(plan.address),
  key: testKey,
  imports: { batchSize: plan.batchSize },
  jobs: { leaseMillis: 3_000, heartbeatMillis: 100, pollMillis: 100 },
});

process.once('message', async () => {
  await lms.worker.start();
  process.send?.('working');
});
process.on('disconnect', async () => {
  await lms.close();
  process.exit(0);
});
process.send?.('ready');
