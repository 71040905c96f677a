import { createLms, type ImportRequest, type ImportResult, type Storage, type UnitOfWork } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** A process that imports each file it is sent, and answers with the counts. */
export interface ImportPlan {
  readonly address: StoreAddress;
  /** Kills itself around this unit of the documents after the first file has come, counted from 1; null never. */
  readonly killAt: { readonly unit: number; readonly at: 'before-commit' | 'after-commit' } | null;
}

export type ImportAnswer = Pick<ImportResult, 'status' | 'counts'> | { readonly error: string };

const plan: ImportPlan = JSON.parse(process.argv[2] ?? '{}');
let units = 0;
let armed = false;

function die(at: NonNullable<ImportPlan['killAt']>['at']): void {
  if (plan.killAt?.unit === units && plan.killAt.at === at) process.kill(process.pid, 'SIGKILL');
}

function dying(storage: Storage): Storage {
  const { unitOfWork } = storage;
  const crashing: UnitOfWork = {
    oneDatabase: unitOfWork.oneDatabase,
    async run(home, work, options) {
      if (!armed || home !== 'documents') return unitOfWork.run(home, work, options);
      units += 1;
      const result = await unitOfWork.run(
        home,
        async (unit) => {
          const done = await work(unit);
          die('before-commit');
          return done;
        },
        options,
      );
      die('after-commit');
      return result;
    },
  };
  return new Proxy(storage, {
    get: (target, name) => (name === 'unitOfWork' ? crashing : Reflect.get(target, name, target)),
  });
}

const lms = await createLms({ storage: dying(openAddress(plan.address)), key: testKey, imports: { batchSize: 50 } });
await lms.ready();
const { imports } = lms.as({ kind: 'user', id: 'root' });

process.on('message', async (request: ImportRequest) => {
  armed = true;
  process.send?.(await answer(request));
});
process.on('disconnect', async () => {
  await lms.close();
  process.exit(0);
});
process.send?.('ready');

async function answer(request: ImportRequest): Promise<ImportAnswer> {
  try {
    const { status, counts } = await imports.run(request);
    return { status, counts };
  } catch (error) {
    return { error: String(error) };
  }
}
