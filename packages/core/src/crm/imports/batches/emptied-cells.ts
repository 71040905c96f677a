/** How many cells of each field were taken as empty, since they say so by a word such as `NA`. Plain data. */
export type EmptiedCells = Readonly<Record<string, number>>;

/** @param keys of the fields, one for each cell */
export function countedCells(keys: readonly string[]): EmptiedCells {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries(counts);
}

export function allEmptied(parts: readonly EmptiedCells[]): EmptiedCells {
  const counts = new Map<string, number>();
  for (const [key, count] of parts.flatMap((part) => Object.entries(part))) {
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return Object.fromEntries(counts);
}
