import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LookupHasher } from './lookup-hasher.js';
import { LookupRing } from './lookup-ring.js';

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const one = LookupRing.of(key(1));
const two = one.with(key(2));
const three = two.in('settled').with(key(3));

describe('the look-up keys of a store', () => {
  it('of a store that never had another hash as the one key does', () => {
    const hash = new LookupHasher(key(1)).hash('phone', '+919876543210');
    expect(one.first.hash('phone', '+919876543210')).toBe(hash);
    expect([one.newest(hash), one.everyOf(hash), one.claimed(hash)]).toEqual([hash, [hash], [hash]]);
    expect([one.generation, one.phase, one.isBehind(hash)]).toEqual([1, 'settled', false]);
  });

  it('take over a hash from itself alone, to the same that the value is looked for by', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (purpose, text) => {
        const hash = one.first.hash(purpose, text);
        const [first, second, third] = three.everyOf(hash);
        expect(first).toBe(hash);
        expect(second).toBe(two.newest(hash));
        expect(third).toBe(three.newest(two.newest(hash)));
        expect(three.everyOf(second ?? '')).toEqual([second, third]);
        expect(three.newest(third ?? '')).toBe(third);
        expect([first, second, third].map((each) => three.isBehind(each ?? ''))).toEqual([true, true, false]);
      }),
    );
  });

  it('say in a hash which of them made it, and no two make the same', () => {
    const hash = one.first.hash('phone', '+919876543210');
    expect(three.everyOf(hash).map((each) => each.length)).toEqual([43, 45, 45]);
    expect(
      three
        .everyOf(hash)
        .slice(1)
        .map((each) => each.slice(0, 2)),
    ).toEqual(['2.', '3.']);
    expect(one.with(key(4)).newest(hash)).not.toBe(two.newest(hash));
  });

  it('have a value claimed so that whoever claims in one phase meets whoever claims in the next', () => {
    const hash = one.first.hash('unique:mobile', '+919876543210');
    const phases = [one, two, two.in('clearing'), two.in('settled'), three, three.in('clearing')];
    const claims = phases.map((ring) => ring.claimed(hash));
    expect(claims.map((each) => each.length)).toEqual([1, 2, 1, 1, 2, 1]);
    for (const [at, later] of claims.slice(1).entries()) {
      expect(later.some((each) => claims[at]?.includes(each))).toBe(true);
    }
  });

  it('come back from what is stored as they were, and an earlier release takes that for no key', () => {
    const hash = one.first.hash('phone', '1');
    for (const ring of [one, two, two.in('clearing'), three.in('settled')]) {
      const bytes = ring.toBytes();
      expect(bytes.length).toBeGreaterThan(96);
      expect(() => new LookupHasher(bytes)).toThrow(RangeError);
      const back = LookupRing.of(bytes);
      expect([back.phase, back.generation, back.everyOf(hash)]).toEqual([
        ring.phase,
        ring.generation,
        ring.everyOf(hash),
      ]);
    }
  });

  it('refuse what a later release may have written', () => {
    const unknown = two.toBytes();
    unknown[0] = 9;
    const none = new Uint8Array(128);
    for (const bytes of [unknown, none, new Uint8Array(0), two.toBytes().subarray(0, 40)]) {
      expect(() => LookupRing.of(bytes)).toThrow(expect.objectContaining({ code: 'ENVELOPE_INVALID' }));
    }
  });

  it('are at most a thousand', () => {
    let ring = one;
    for (let made = 1; made < 1_000; made += 1) ring = ring.with(key(made % 256));
    expect(LookupRing.of(ring.toBytes()).generation).toBe(1_000);
    expect(() => ring.with(key(1))).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});
