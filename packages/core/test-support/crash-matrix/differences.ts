import { groupedBy } from './grouped-by.js';

/** What is on one side alone; what is there twice counts twice. */
export function differences(wanted: readonly string[], found: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of wanted) counts.set(one, (counts.get(one) ?? 0) + 1);
  for (const one of found) counts.set(one, (counts.get(one) ?? 0) - 1);
  return [...counts].flatMap(([one, count]) => {
    if (count === 0) return [];
    return [count > 0 ? `missing ${one}` : `too many of ${one}`];
  });
}

export function repeated(names: readonly string[]): readonly string[] {
  return [...groupedBy(names, (name) => name)]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => `${name} is there ${same.length} times`);
}

/** 1, 2, 3 and so on. */
export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}
