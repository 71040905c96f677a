import { createLms } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** Creates leads with all callers at once, and tells the numbers and the codes of the refusals. */
export interface CreatePlan {
  readonly address: StoreAddress;
  readonly mobiles: readonly string[];
}

export interface CreateReport {
  readonly numbers: readonly string[];
  readonly codes: readonly string[];
}

const plan: CreatePlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({ storage: openAddress(plan.address), key: testKey });
const { leads } = lms.as({ kind: 'user', id: 'root' });
const outcomes = await Promise.allSettled(
  plan.mobiles.map((mobile) =>
    leads.create({ productLine: 'personal-loan', fields: { fullName: 'Asha Rao', mobile } }),
  ),
);
const report: CreateReport = {
  numbers: outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : [])),
  codes: outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason?.code ?? one.reason)] : [])),
};
await lms.close();
process.send?.(report, () => process.exit(0));
