import { createLms, type Storage, type UnitOfWork } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** A relay in a process of its own that does a round when asked, and may stand still in the middle of its first one. */
export interface HeldRelayPlan {
  readonly address: StoreAddress;
  /** Where every unit of the ledger stands still for ever; null lets them go on. */
  readonly hold: 'before-commit' | 'after-commit' | null;
}

export interface HeldRelayQuestion {
  /** A round; or the end, by SIGKILL and without an answer. */
  readonly what: 'round' | 'die';
}

export type HeldRelayAnswer =
  | { readonly held: true }
  | {
      readonly held: false;
      readonly projected: number;
      readonly failed: number;
      /** Events of leads that were told while an earlier one of the same lead was not. */
      readonly outOfOrder: readonly string[];
    };

const plan: HeldRelayPlan = JSON.parse(process.argv[2] ?? '{}');
const outOfOrder: string[] = [];
const answer = (given: HeldRelayAnswer): boolean | undefined => process.send?.(given);

/** Looks at the trail before it is written to: each event must find the one before it, told by whomever. */
function watched(storage: Storage): Storage {
  const { audit, unitOfWork } = storage;
  let isHeld = false;
  const stand = (): Promise<never> => {
    if (!isHeld) answer({ held: true });
    isHeld = true;
    return new Promise<never>(() => undefined);
  };
  const run: UnitOfWork['run'] = async (home, work, options) => {
    if (home !== 'ledger' || plan.hold === null) return unitOfWork.run(home, work, options);
    const held = async (...given: Parameters<typeof work>): ReturnType<typeof work> => {
      const done = await work(...given);
      return plan.hold === 'before-commit' ? stand() : done;
    };
    const result = await unitOfWork.run(home, held, options);
    return plan.hold === 'after-commit' ? stand() : result;
  };
  const insert: Storage['audit']['insert'] = async (unit, rows) => {
    const told = new Set<string>();
    for (const { id, aggregate } of rows) {
      if (aggregate.kind !== 'lead') continue;
      const [{ version } = { version: 0 }] = (
        await audit.list({ aggregateKind: 'lead', aggregateId: aggregate.id, limit: 1 })
      ).map((row) => row.aggregate);
      const isNext = aggregate.version <= version + 1 || told.has(`${aggregate.id} ${aggregate.version - 1}`);
      if (!isNext) outOfOrder.push(id);
      told.add(`${aggregate.id} ${aggregate.version}`);
    }
    await audit.insert(unit, rows);
  };
  return { ...storage, audit: { ...audit, insert }, unitOfWork: { oneDatabase: unitOfWork.oneDatabase, run } };
}

const lms = await createLms({ storage: watched(openAddress(plan.address)), key: testKey });
await lms.ready();
process.on('message', ({ what }: HeldRelayQuestion) => {
  if (what === 'die') process.kill(process.pid, 'SIGKILL');
  lms.tick().then(
    ({ projected, failed }) => answer({ held: false, projected, failed, outOfOrder }),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on('disconnect', () => void lms.close());
process.send?.('ready');
