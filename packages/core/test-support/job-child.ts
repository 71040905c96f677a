import { createLms } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { writeEffect } from './job-effect.js';
import { openAddress, type StoreAddress } from './store-address.js';

/** A worker in a process of its own that is killed while it has a job in hand: before its effect is written, with that unit open, or after it. */
export interface JobPlan {
  readonly address: StoreAddress;
  readonly kind: string;
  readonly die: 'before-effect' | 'in-effect' | 'after-effect';
}

const plan: JobPlan = JSON.parse(process.argv[2] ?? '{}');
const storage = openAddress(plan.address);
const lms = await createLms({
  storage,
  key: testKey,
  jobs: {
    leaseMillis: 400,
    heartbeatMillis: 100,
    handlers: [
      {
        kind: plan.kind,
        async run(context) {
          const die = (): void => void process.kill(process.pid, 'SIGKILL');
          if (plan.die === 'in-effect') await writeEffect(storage, context, die);
          if (plan.die === 'after-effect') await writeEffect(storage, context);
          die();
          return undefined;
        },
      },
    ],
  },
});
await lms.worker.start();
