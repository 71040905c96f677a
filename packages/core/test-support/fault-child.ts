import { createLms, LmsError } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** Creates leads one after the other until one fails, in a process with rights or room of its own. */
export interface FaultPlan {
  readonly address: StoreAddress;
  readonly mobiles: readonly string[];
  /** Text that makes each lead so long. */
  readonly remarksLength: number;
  /** The operating-system user to be, for who was started by root; null for who started it. */
  readonly user: number | null;
}

export interface FaultReport {
  readonly made: readonly string[];
  readonly error: Readonly<Record<string, unknown>> | null;
}

const plan: FaultPlan = JSON.parse(process.argv[2] ?? '{}');
if (plan.user !== null) process.setuid?.(plan.user);
const made: string[] = [];
const lms = await createLms({ storage: openAddress(plan.address), key: testKey });
const error = await create().catch((thrown: unknown) => thrown);
await lms.close();
const report: FaultReport = {
  made,
  error: LmsError.isInstance(error) ? error.toJSON() : error === undefined ? null : { code: String(error) },
};
process.send?.(report, () => process.exit(0));

async function create(): Promise<undefined> {
  const { leads } = lms.as({ kind: 'user', id: 'root' });
  for (const mobile of plan.mobiles) {
    const fields = { fullName: 'Asha Rao', mobile, remarks: 'x'.repeat(plan.remarksLength) };
    made.push((await leads.create({ productLine: 'personal-loan', fields })).number);
  }
  return undefined;
}
