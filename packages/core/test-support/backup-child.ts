import { createLms, LmsError } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** What the process does with a store; a restore is killed when it has loaded so many rows. */
export type BackupPlan =
  | { readonly address: StoreAddress; readonly backup: string }
  | { readonly address: StoreAddress; readonly restore: string; readonly killAfterRows: number };

const plan: BackupPlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({ storage: openAddress(plan.address), key: testKey });
try {
  if ('backup' in plan) {
    await lms.as({ kind: 'user', id: 'root' }).backups.create({ file: plan.backup });
  } else {
    const onProgress = ({ rows }: { readonly rows: number }): void => {
      if (rows >= plan.killAfterRows) process.kill(process.pid, 'SIGKILL');
    };
    await lms.restore({ file: plan.restore }, { onProgress });
  }
  process.send?.('done');
} catch (error) {
  process.send?.(LmsError.isInstance(error) ? error.code : String(error));
}
await lms.close();
process.exit(0);
