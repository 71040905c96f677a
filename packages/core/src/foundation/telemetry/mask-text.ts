/** A longer text is cut before it is looked through: whoever logs that much gets its beginning. */
const mostCharacters = 20_000;

/** Not a part of another number or word; what joins words (`-`, `_`) may stand around it, unless the word is of hexadecimal digits. */
const begins = '(?<![\\p{L}\\p{N}])(?<![0-9a-f]-)';
const ends = '(?![\\p{L}\\p{N}]|-[0-9a-f]{4})';
const alone = (pattern: string): RegExp => new RegExp(`${begins}(?:${pattern})${ends}`, 'giu');

/** What stands for a person, and what stands in its place, in the order in which they are looked for. The lengths are bounded, so that no text takes long. */
const patterns: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [
    /(?<![\p{L}\p{M}\p{N}._%+'-])[\p{L}\p{M}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{M}\p{N}-]{1,63}(?:\.[\p{L}\p{M}\p{N}-]{1,63}){0,7}\.\p{L}[\p{L}\p{M}]{1,62}(?![\p{L}\p{M}\p{N}])/giu,
    '[email]',
  ],
  [alone('[A-Z]{5}[0-9]{4}[A-Z]'), '[pan]'],
  // A virtual id has 16 digits, an Aadhaar number 12, in groups of four or not.
  [alone('[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?:[ -]?[0-9]{4})?'), '[aadhaar]'],
  [alone('(?:\\+?91[ -]?|0)?[6-9][0-9]{4}[ -]?[0-9]{5}'), '[phone]'],
  [alone('(?:\\+?91[ -]?|0)?[6-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{4}'), '[phone]'],
  [/(?<![\p{L}\p{N}])\+[0-9]{1,3}(?:[ -]?[0-9]){7,12}(?![\p{L}\p{N}])/gu, '[phone]'],
];

/**
 * A text without what looks like a PAN, an Aadhaar number or virtual id, a phone number or an email address: `[pan]`, `[aadhaar]`, `[phone]`,
 * `[email]` stand in their places. Of more than 20,000 characters the rest is left out. Names cannot be told from other words; they have
 * no business in a log in the first place.
 */
export function maskText(text: string): string {
  const kept = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  return patterns.reduce((masked, [pattern, shown]) => masked.replace(pattern, shown), kept);
}
