import type { Storage } from '../../src/storage/storage.js';

/** A storage that breaks one promise on purpose. */
export type Breakage = (storage: Storage) => Storage;

/** Replaces methods of one port; the rest stays real. */
export function breaking<Name extends keyof Storage>(
  name: Name,
  change: (real: Storage[Name]) => Partial<Storage[Name]>,
): Breakage {
  return (storage) => overlay<Storage>(storage, { [name]: overlay(storage[name], change(storage[name])) });
}

function overlay<Target>(real: Target, change: object): Target;
function overlay(real: object, change: object): object {
  return new Proxy(real, {
    get(target, key) {
      if (Reflect.has(change, key)) return Reflect.get(change, key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
