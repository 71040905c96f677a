import { createLms, LmsError } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** Exports every loan lead into a file, and dies on the way where it is told to. */
export interface ExportPlan {
  readonly address: StoreAddress;
  readonly file: string;
  /** Kills itself once so many leads are written; null goes to the end. */
  readonly dieAfter: number | null;
}

/** The code of the refusal, or null. */
export interface ExportReport {
  readonly code: string | null;
  readonly message: string;
}

const plan: ExportPlan = JSON.parse(process.argv[2] ?? '{}');
const lms = await createLms({ storage: openAddress(plan.address), key: testKey });
const { leads } = lms.as({ kind: 'user', id: 'root' });
const report = await leads
  .export(
    { filter: { productLine: 'personal-loan' }, format: 'ndjson', to: { file: plan.file } },
    {
      onProgress(progress) {
        if (plan.dieAfter !== null && progress.leads >= plan.dieAfter) process.kill(process.pid, 'SIGKILL');
      },
    },
  )
  .then(
    (): ExportReport => ({ code: null, message: '' }),
    (error: unknown): ExportReport => ({
      code: LmsError.isInstance(error) ? error.code : 'none',
      message: String(error),
    }),
  );
await lms.close();
process.send?.(report, () => process.exit(0));
