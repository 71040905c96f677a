import { type Home, LmsError, type Outbox, type Storage, type UnitOfWork } from '../index.js';

/** Where the next unit of a home breaks off. `after-commit` is a reply that was lost: it happened, and the caller is told not. */
export interface PlannedFault {
  readonly home: Home;
  readonly at: 'before-commit' | 'after-commit';
}

/** Switches that make a store behave like a bad day. */
export interface Faults {
  /** The next unit of that home throws `STORE_UNAVAILABLE` at that point; later ones run as usual. */
  failNext(fault: PlannedFault): void;
  /** While on, delivered events stay in the outbox, so that every `tick()` delivers them again. */
  repeatDeliveries(on: boolean): void;
}

/** A storage with switches; off, it is the storage it was made from. */
export function withFaults(storage: Storage): { readonly storage: Storage; readonly faults: Faults } {
  const planned: PlannedFault[] = [];
  let repeating = false;
  const unitOfWork: UnitOfWork = {
    oneDatabase: storage.unitOfWork.oneDatabase,
    async run(home, work, options) {
      const at = planned.findIndex((fault) => fault.home === home);
      const [fault] = at < 0 ? [] : planned.splice(at, 1);
      if (fault === undefined) return storage.unitOfWork.run(home, work, options);
      const result = await storage.unitOfWork.run(
        home,
        async (unit) => {
          const done = await work(unit);
          if (fault.at === 'before-commit') throw plannedError(fault);
          return done;
        },
        options,
      );
      if (fault.at === 'after-commit') throw plannedError(fault);
      return result;
    },
  };
  const outbox: Outbox = {
    append: (unit, events) => storage.outbox.append(unit, events),
    waiting: (home, limit) => storage.outbox.waiting(home, limit),
    due: (home, lane, at, limit) => storage.outbox.due(home, lane, at, limit),
    remove: async (home, ids) => (repeating ? undefined : storage.outbox.remove(home, ids)),
    postpone: (home, failures) => storage.outbox.postpone(home, failures),
    retryStuck: (home, limit) => storage.outbox.retryStuck(home, limit),
    count: (home) => storage.outbox.count(home),
    backlog: (home) => storage.outbox.backlog(home),
  };
  const replaced: Partial<Storage> = { unitOfWork, outbox };
  return {
    storage: new Proxy(storage, {
      get: (target, name) => Reflect.get(Object.hasOwn(replaced, name) ? replaced : target, name),
    }),
    faults: {
      failNext: (fault) => {
        planned.push(fault);
      },
      repeatDeliveries: (on) => {
        repeating = on;
      },
    },
  };
}

function plannedError(fault: PlannedFault): LmsError {
  return new LmsError('STORE_UNAVAILABLE', { message: `a planned fault of the ${fault.home} store, ${fault.at}` });
}
