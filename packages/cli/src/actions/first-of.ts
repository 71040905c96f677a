import { commandLine, withFlag } from '../output/command-line.js';
import type { Session } from '../session.js';

/** The first of a list that comes whole; says how many more there are, and what shows them. */
export function firstOf<Item>(
  items: readonly Item[],
  limit: number,
  { output, commandLine: words }: Pick<Session, 'output' | 'commandLine'>,
): readonly Item[] {
  const more = items.length - limit;
  if (more <= 0) return items;
  output.say(`${more} more: ${commandLine(['lms', ...withFlag(words, '--limit', String(items.length))])}`);
  return items.slice(0, limit);
}
