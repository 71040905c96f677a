import { createLms, type Home, type Storage, type UnitOfWork } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** Where the process kills itself: around the first unit of `home` that `command` runs. */
export interface CrashPlan {
  readonly address: StoreAddress;
  readonly command: 'create' | 'assign';
  readonly home: Home;
  readonly at: 'begin' | 'before-commit' | 'after-commit';
  readonly lead: string;
  readonly fields: Record<string, unknown>;
}

const plan: CrashPlan = JSON.parse(process.argv[2] ?? '{}');
let armed = false;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** The storage, with a unit of work that dies as planned. */
function dying(storage: Storage): Storage {
  const { unitOfWork } = storage;
  const crashing: UnitOfWork = {
    oneDatabase: unitOfWork.oneDatabase,
    async run(home, work, options) {
      if (!armed || home !== plan.home) return unitOfWork.run(home, work, options);
      if (plan.at === 'begin') die();
      const result = await unitOfWork.run(
        home,
        async (unit) => {
          const done = await work(unit);
          if (plan.at === 'before-commit') die();
          return done;
        },
        options,
      );
      if (plan.at === 'after-commit') die();
      return result;
    },
  };
  return new Proxy(storage, {
    get: (target, name) => (name === 'unitOfWork' ? crashing : Reflect.get(target, name, target)),
  });
}

const lms = await createLms({ storage: dying(openAddress(plan.address)), key: testKey });
await lms.ready();
armed = true;
if (plan.command === 'create') {
  const asha = lms.as({ kind: 'user', id: 'asha' });
  await asha.leads.create({ productLine: 'personal-loan', fields: plan.fields });
} else {
  await lms.as({ kind: 'user', id: 'root' }).leads.assign(plan.lead, { to: 'asha' });
}
process.exit(0);
