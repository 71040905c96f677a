/** Randomness as a port. The default is the platform's cryptographic generator; tests give a seeded one. */
export interface RandomSource {
  /** `count` fresh random bytes. */
  bytes(count: number): Uint8Array;
}

/** `crypto.getRandomValues` with a small pool, so that a 16-byte draw costs no system call. Works in Node and browsers. */
export function cryptoRandom(): RandomSource {
  const pool = new Uint8Array(4096);
  let used = pool.length;
  return {
    bytes(count) {
      if (count > pool.length) return globalThis.crypto.getRandomValues(new Uint8Array(count));
      if (used + count > pool.length) {
        globalThis.crypto.getRandomValues(pool);
        used = 0;
      }
      const drawn = pool.slice(used, used + count);
      pool.fill(0, used, used + count);
      used += count;
      return drawn;
    },
  };
}
