import { createLms } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** A relay in a process of its own: round after round until it is asked to stop, then tells what it did. */
export interface RelayPlan {
  readonly address: StoreAddress;
}

export interface RelayReport {
  readonly projected: number;
  readonly failed: number;
}

const plan: RelayPlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({ storage: openAddress(plan.address), key: testKey });
await lms.ready();
let isAsked = false;
process.on('message', () => {
  isAsked = true;
});
process.send?.('ready');
const report = { projected: 0, failed: 0 };
while (!isAsked) {
  const { projected, failed } = await lms.tick();
  report.projected += projected;
  report.failed += failed;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await lms.close();
process.send?.(report);
