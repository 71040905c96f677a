import type { Home, Unit } from '../foundation/persistence/index.js';
import type { Storage } from '../storage/storage.js';
import type { ConformanceContext } from './conformance-case.js';

/**
 * Starts `count` callers at once, every second one through the other handle, and gives what each returned, in order.
 */
export async function together<Result>(
  context: ConformanceContext,
  count: number,
  call: (storage: Storage, caller: number) => Promise<Result>,
): Promise<readonly Result[]> {
  return Promise.all(
    Array.from({ length: count }, (_, caller) => call(caller % 2 === 0 ? context.storage : context.other, caller)),
  );
}

/** One unit of work of a store. */
export function inUnit<Result>(storage: Storage, home: Home, work: (unit: Unit) => Promise<Result>): Promise<Result> {
  return storage.unitOfWork.run(home, work);
}

/** The error a promise rejects with; throws when it resolves. */
export async function refusalOf(promise: Promise<unknown>, expected: string): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected ${expected}, but the call succeeded`);
}
