import { randomInt } from 'node:crypto';

/** Of what this run takes as a sample; given as LMS_TEST_SEED it takes the same again. Whoever uses it prints it. */
export const testSeed: string = process.env['LMS_TEST_SEED'] ?? String(randomInt(1_000_000_000));

/** Takes `count` of `items`, in their order; which ones depends on the seed and on what was taken before. */
export type Choose = <Item>(items: readonly Item[], count: number) => readonly Item[];

/** @param purpose keeps what is taken here apart from what is taken elsewhere with the same seed */
export function chooser(purpose: string): Choose {
  const next = numbersFrom(`${testSeed} ${purpose}`);
  return (items, count) => {
    const drawn = items.map((item, at) => ({ item, at, rank: next() }));
    return drawn
      .toSorted((left, right) => left.rank - right.rank)
      .slice(0, count)
      .toSorted((left, right) => left.at - right.at)
      .map(({ item }) => item);
  };
}

/**
 * Takes about `count` of `items`, spread over them. Seeds that are numbers one after the other take each item in its turn, and none
 * again before the others had theirs.
 */
export function inTurn<Item>(items: readonly Item[], count: number, seed: string = testSeed): readonly Item[] {
  const turns = BigInt(Math.max(1, Math.ceil(items.length / count)));
  const number = /^\d+$/.test(seed) ? BigInt(seed) : BigInt(`0x0${Buffer.from(seed).toString('hex')}`);
  return items.filter((_, at) => BigInt(at) % turns === number % turns);
}

/** Numbers from 0 up to 1 that depend on the text alone (mulberry32). */
function numbersFrom(text: string): () => number {
  let state = [...text].reduce((sum, character) => Math.imul(sum ^ (character.codePointAt(0) ?? 0), 2_654_435_761), 1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
