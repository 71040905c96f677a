/** An item that stands elsewhere than before, and the one that it now follows; null when it is the first. */
export interface MovedItem {
  readonly item: string;
  readonly after: string | null;
}

/**
 * The fewest items that, taken out and put back, turn one order into the other. Both orders hold the same items, each once.
 */
export function movedItems(before: readonly string[], after: readonly string[]): readonly MovedItem[] {
  const places = new Map(before.map((item, place) => [item, place]));
  const stays = longestRising(after.map((item) => places.get(item) ?? -1));
  return after.flatMap((item, place) => (stays.has(place) ? [] : [{ item, after: after[place - 1] ?? null }]));
}

/** The places of a longest rising subsequence of different numbers (patience sorting, n log n). */
function longestRising(numbers: readonly number[]): ReadonlySet<number> {
  const piles: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [place, number] of numbers.entries()) {
    const pile = firstPileNotBelow(piles, numbers, number);
    previous.push(piles[pile - 1]);
    piles[pile] = place;
  }
  const rising = new Set<number>();
  for (let place = piles.at(-1); place !== undefined; place = previous[place]) rising.add(place);
  return rising;
}

function firstPileNotBelow(piles: readonly number[], numbers: readonly number[], number: number): number {
  let low = 0;
  let high = piles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const top = numbers[piles[middle] ?? 0] ?? 0;
    if (top < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
