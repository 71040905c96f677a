/** How many ids one operation names: the server plans and holds a list as a whole. */
export const idsAtOnce = 1_000;

/** Runs an operation for a thousand items at a time, one after the other. @returns what all of them gave */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  operation: (batch: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  if (items.length <= idsAtOnce) return operation(items);
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += idsAtOnce) {
    for (const result of await operation(items.slice(at, at + idsAtOnce))) results.push(result);
  }
  return results;
}
