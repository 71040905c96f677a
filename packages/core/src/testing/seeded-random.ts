import { createHash } from 'node:crypto';
import type { RandomSource } from '../foundation/kernel/index.js';

/** Bytes that depend on the seed alone, so that a test run makes the same ids each time. Never for real data. */
export function seededRandom(seed: string): RandomSource {
  let block = 0;
  let buffer = new Uint8Array(0);
  return {
    bytes(count) {
      const parts = [buffer];
      let length = buffer.length;
      while (length < count) {
        const next = createHash('sha256').update(`${seed}:${block}`).digest();
        block += 1;
        length += next.length;
        parts.push(new Uint8Array(next));
      }
      const all = Buffer.concat(parts);
      buffer = new Uint8Array(all.subarray(count));
      return new Uint8Array(all.subarray(0, count));
    },
  };
}
