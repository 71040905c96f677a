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
