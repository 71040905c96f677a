/** Not inside of another word, id or number. */
const alone = (pattern: string): RegExp => new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, 'giu');

/** What stands for a person, and what stands in its place, in the order in which they are looked for. */
const patterns: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/[\p{L}\p{M}\p{N}._%+'-]+@[\p{L}\p{M}\p{N}.-]+\.\p{L}[\p{L}\p{M}]+/giu, '[email]'],
  [alone('[A-Z]{5}[0-9]{4}[A-Z]'), '[pan]'],
  // A virtual id has 16 digits, an Aadhaar number 12, in groups of four or not.
  [alone('[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?:[ -]?[0-9]{4})?'), '[aadhaar]'],
  [/(?<![\w-])(?:\+?91[ -]?|0)?[6-9][0-9]{4}[ -]?[0-9]{5}(?![\w-])/gu, '[phone]'],
  [/(?<!\w)\+[0-9]{1,3}(?:[ -]?[0-9]){7,12}(?![\w-])/gu, '[phone]'],
];

/**
 * A text without what looks like a PAN, an Aadhaar number or virtual id, a phone number or an email address: `[pan]`, `[aadhaar]`, `[phone]`,
 * `[email]` stand in their places. Names cannot be told from other words; they have no business in a log in the first place.
 */
export function maskText(text: string): string {
  return patterns.reduce((masked, [pattern, shown]) => masked.replace(pattern, shown), text);
}
