import { leadOperations } from './lead-operations.js';
import type { CrashOperation } from './operation.js';
import { storeOperations } from './store-operations.js';
import { wholeStoreOperations } from './whole-store-operations.js';

/** The writing operations of the matrix. Adding one is one entry here. */
export const crashOperations: readonly CrashOperation[] = [
  ...leadOperations,
  ...storeOperations,
  ...wholeStoreOperations,
];

/** @throws where there is none of that name */
export function crashOperation(name: string): CrashOperation {
  const found = crashOperations.find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`there is no operation ${name}`);
  return found;
}
