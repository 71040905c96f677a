import { createLms, LmsError } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** What the process does with a store; it is killed when it has written or loaded so many rows. */
export type BackupPlan =
  | { readonly address: StoreAddress; readonly backup: string; readonly killAfterRows?: number }
  | { readonly address: StoreAddress; readonly restore: string; readonly killAfterRows: number };

const plan: BackupPlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({ storage: openAddress(plan.address), key: testKey });
const onProgress = ({ rows }: { readonly rows: number }): void => {
  if (rows >= (plan.killAfterRows ?? Number.POSITIVE_INFINITY)) process.kill(process.pid, 'SIGKILL');
};
try {
  if ('backup' in plan) {
    await lms.as({ kind: 'user', id: 'root' }).backups.create({ file: plan.backup }, { onProgress });
  } else {
    await lms.restore({ file: plan.restore }, { onProgress });
  }
  process.send?.('done');
} catch (error) {
  process.send?.(LmsError.isInstance(error) ? error.code : String(error));
}
await lms.close();
process.exit(0);
