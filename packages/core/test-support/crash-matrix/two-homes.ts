import type { Storage } from '../../src/index.js';
import { SqlUnit } from '../../src/storage/sql/sql-unit.js';

/**
 * A store of one database whose homes are kept apart, each unit serving its own: what a commit of one asks of the other then waits in an
 * outbox, as in a store that was restored from a backup of two servers. A store of two is given back as it is.
 */
export function withTwoHomes(storage: Storage): Storage {
  if (!storage.unitOfWork.oneDatabase) return storage;
  const unitOfWork: Storage['unitOfWork'] = {
    oneDatabase: false,
    run: (home, work, options) =>
      storage.unitOfWork.run(
        home,
        (unit) => {
          if (!(unit instanceof SqlUnit)) throw new Error('a unit of SQL was wanted');
          return work(new SqlUnit(home, false, unit.connection));
        },
        options,
      ),
  };
  const replaced: Partial<Storage> = { unitOfWork };
  return new Proxy(storage, {
    get: (target, name) => Reflect.get(Object.hasOwn(replaced, name) ? replaced : target, name),
  });
}
