/** Characters nobody sees: controls but white space, soft hyphen, zero-width space, direction marks, byte-order mark. */
const invisible = /(?![\s\u0085])\p{Cc}|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

/**
 * The zero-width joiner and non-joiner choose between letter forms after a virama or an Arabic letter (`क्‍ष`), where they
 * are part of the spelling, and the joiner makes one emoji of several. Anywhere else they are noise.
 */
const strayJoiner =
  /(?<![\p{M}\p{Script=Arabic}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]+|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]+(?!\p{Extended_Pictographic})|[\u200c\u200d]+(?=\s|$)/gu;

const halfOfPair = /\p{Cs}/gu;
const whiteSpace = /[\s\u0085]+/gu;
const lineBreak = /\r\n|[\n\r\u0085\u2028\u2029]/u;
const needsNothing = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * One line of text as a person means it: NFC, invisible characters removed, every kind of white space (no-break space,
 * tab, line break) made one space, none at the ends, half a surrogate pair made `U+FFFD`. Idempotent.
 */
export function cleanText(text: string): string {
  if (needsNothing.test(text)) return text;
  return withoutNoise(text).replace(whiteSpace, ' ').trim();
}

/** The same for text of several lines: line breaks stay, as `\n`, with no white space around them. Idempotent. */
export function cleanLines(text: string): string {
  if (needsNothing.test(text)) return text;
  return text
    .split(lineBreak)
    .map(cleanText)
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}

function withoutNoise(text: string): string {
  return text.replace(halfOfPair, '\ufffd').replace(invisible, '').normalize('NFC').replace(strayJoiner, '');
}
