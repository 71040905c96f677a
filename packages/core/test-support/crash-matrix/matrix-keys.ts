import { type KeySource, masterKeyOf } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';

/** The other master key of the stores of the matrix: what it wraps, a rotation wraps with the key of all tests again. */
export const spareKey: KeySource = {
  load: async () => masterKeyOf(new Uint8Array(32).fill(11), 'the spare key'),
};

/** What the processes of the matrix open stores with. */
export const matrixKeys: readonly KeySource[] = [testKey, spareKey];
