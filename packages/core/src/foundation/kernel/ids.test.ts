import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, toInstant } from './clock.js';
import { isId, parseId, uuidV7Source } from './ids.js';
import { cryptoRandom, type RandomSource } from './random.js';

/** A clock that shows the given times in turn and then stands still. */
function clockOf(times: readonly number[]): Clock {
  let index = 0;
  return { now: () => times[Math.min(index++, times.length - 1)] ?? 0 };
}

const seeded: RandomSource = { bytes: (count) => new Uint8Array(count).fill(0xff) };

describe('ids', () => {
  it('are UUIDs of version 7 that hold the time', () => {
    const id = uuidV7Source(clockOf([Date.parse('2026-01-31T09:30:00Z')]), cryptoRandom()).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(toInstant(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))).toBe('2026-01-31T09:30:00.000Z');
    expect(isId(id)).toBe(true);
  });

  it('rise strictly, whatever the clock does and however many there are in a millisecond', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 41 }), { minLength: 1, maxLength: 20 }), (times) => {
        const source = uuidV7Source(clockOf(times), seeded);
        const ids = Array.from({ length: 5000 }, () => String(source.next()));
        for (let index = 1; index < ids.length; index += 1) {
          expect((ids[index - 1] ?? '') < (ids[index] ?? ''), `${ids[index - 1]} ${ids[index]}`).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are read in either case and refused when they are none', () => {
    expect(parseId('0194B5E1-7C00-7000-8000-0123456789AB')).toBe('0194b5e1-7c00-7000-8000-0123456789ab');
    for (const text of ['', 'LEAD-202601-00001', '0194b5e1-7c00-7000-8000-0123456789a', '$gt']) {
      expect(() => parseId(text)).toThrowError(/is not an id/);
    }
  });
});

describe('randomness', () => {
  it('gives as many bytes as asked, other ones each time, also past its pool', () => {
    const random = cryptoRandom();
    const seen = new Set<string>();
    for (let round = 0; round < 1000; round += 1) {
      const drawn = random.bytes(16);
      expect(drawn).toHaveLength(16);
      seen.add(drawn.join());
    }
    expect(seen.size).toBe(1000);
    expect(random.bytes(5000)).toHaveLength(5000);
    expect(random.bytes(0)).toHaveLength(0);
  });

  it('gives bytes of the caller alone', () => {
    const random = cryptoRandom();
    const first = random.bytes(16);
    const copy = Uint8Array.from(first);
    random.bytes(4096);
    expect(first).toEqual(copy);
  });
});
