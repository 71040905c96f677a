import type { FieldDefinition } from '../../fields/index.js';
import { headingWords } from './heading-words.js';

/** Words that say over which time an amount is, or in what a time is counted. */
const periodOfWord: ReadonlyMap<string, string> = new Map([
  ['monthly', 'a month'],
  ['annual', 'a year'],
  ['ctc', 'a year'],
  ['lpa', 'a year'],
  ['quarterly', 'a quarter'],
  ['weekly', 'a week'],
  ['daily', 'a day'],
]);
const countOfWord: ReadonlyMap<string, string> = new Map([
  ['months', 'months'],
  ['years', 'years'],
  ['day', 'days'],
  ['days', 'days'],
  ['weeks', 'weeks'],
  ['y', 'years'],
  ['m', 'months'],
]);

/**
 * Why a heading cannot mean a field although its name does: it counts years and the field months, or it is for a year and the
 * field for a month. null when nothing speaks against it. Twelve times too much is worse than missing.
 */
export function periodConflict(heading: readonly string[], field: FieldDefinition): string | null {
  const own = wordsOfField(field);
  return conflictOf(heading, own, { table: periodOfWord, verb: 'is for', field }) ?? countConflict(heading, own, field);
}

/** All words of a field's own names. */
export function wordsOfField(field: FieldDefinition): readonly string[] {
  return [field.key, field.label, ...(field.synonyms ?? [])].flatMap((name) => {
    const { outside, inside } = headingWords(name);
    return [...outside, ...inside];
  });
}

function countConflict(heading: readonly string[], own: readonly string[], field: FieldDefinition): string | null {
  if (field.type !== 'integer' && field.type !== 'decimal') return null;
  // A time without a unit is in months for a lender, as tenures are.
  const fallback = own.some((word) => countOfWord.has(word)) ? own : [...own, 'months'];
  return conflictOf(heading, fallback, { table: countOfWord, verb: 'counts', field });
}

function conflictOf(
  heading: readonly string[],
  own: readonly string[],
  {
    table,
    verb,
    field,
  }: { readonly table: ReadonlyMap<string, string>; readonly verb: string; readonly field: FieldDefinition },
): string | null {
  const said = new Set(heading.flatMap((word) => table.get(word) ?? []));
  const meant = new Set(own.flatMap((word) => table.get(word) ?? []));
  if (said.size === 0 || meant.size === 0 || [...said].every((word) => meant.has(word))) return null;
  return `the heading ${verb} ${[...said].join(', ')}, and ${field.label} ${verb} ${[...meant].join(', ')}`;
}
