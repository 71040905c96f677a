import type { Telemetry } from './foundation/telemetry/index.js';
import type { Storage } from './storage/storage.js';

/** A store whose units of work are told of: in which home, on which shape. */
export function watchedStorage(storage: Storage, telemetry: Telemetry): Storage {
  const attributes = { shape: storage.shape };
  const unitOfWork: Storage['unitOfWork'] = {
    get oneDatabase() {
      return storage.unitOfWork.oneDatabase;
    },
    run: (home, work, options) =>
      telemetry.watch({ kind: 'unit', name: home, attributes }, () => storage.unitOfWork.run(home, work, options)),
  };
  // A storage may be anybody's: frozen, or with fields of its own that only its own methods may touch.
  return new Proxy<Storage>(shellOf(storage), {
    get(_target, name) {
      if (name === 'unitOfWork') return unitOfWork;
      const value: unknown = Reflect.get(storage, name, storage);
      return typeof value === 'function' ? value.bind(storage) : value;
    },
  });
}

/** Has what the storage has, so that it can be spread, and none of it for good. */
function shellOf(storage: Storage): Storage {
  const own = Object.entries(Object.getOwnPropertyDescriptors(storage));
  return Object.defineProperties(
    Object.create(Object.getPrototypeOf(storage)),
    Object.fromEntries(own.map(([name, descriptor]) => [name, { ...descriptor, configurable: true }])),
  );
}
