import { eastAsianWidth } from 'get-east-asian-width';

const printableAscii = /^[\x20-\x7E]*$/;
/** European and Indian scripts, rupee signs and punctuation: every sign stands for itself, and combining ones take no column. */
const oneByOne = /^[\x20-\x7E\u00A1-\u024F\u0900-\u0D7F\u2010-\u2027\u20A0-\u20BF]*$/;
const invisible = /[\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Format}\p{Control}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Columns that the text takes in a terminal: vowel signs above and below a letter take none, emoji and CJK two.
 *
 * Nothing is made before it is needed: the tables behind `Intl.Segmenter` and emoji patterns cost more than most commands.
 */
export function textWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  if (oneByOne.test(text)) return text.replace(invisible, '').length;
  let width = 0;
  for (const { segment } of charactersOf(text)) width += characterWidth(segment);
  return width;
}

let segmenter: Intl.Segmenter | undefined;

/** Characters as a person counts them. */
function charactersOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

function characterWidth(character: string): number {
  if (isEmoji(character)) return 2;
  let width = 0;
  // What follows a joiner is drawn together with what stands before it.
  for (const sign of character.split('\u200D', 1)[0] ?? '') {
    if (sign.replace(invisible, '') === '') continue;
    width += eastAsianWidth(sign.codePointAt(0) ?? 0);
    // The letters of a Korean syllable share its square.
    if (/\p{Script=Hangul}/u.test(sign)) break;
  }
  return width;
}

/** Emoji of one and of several signs, flags, keycaps. */
const emojiPattern = String.raw`^(?:\p{RGI_Emoji}|\p{Regional_Indicator}{1,2}|[\d#*]\uFE0F)|\u200D\p{Extended_Pictographic}`;
let emoji: RegExp | undefined;

function isEmoji(character: string): boolean {
  emoji ??= new RegExp(emojiPattern, 'v');
  return emoji.test(character);
}

/** Cuts at a whole character so that the text with its ellipsis takes at most `width` columns. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width <= 0 ? '' : `${start(text, width - 1).trimEnd()}…`;
}

/** The longest beginning of whole characters that takes at most `width` columns. */
function start(text: string, width: number): string {
  let kept = '';
  let taken = 0;
  for (const { segment } of charactersOf(text)) {
    const next = taken + textWidth(segment);
    if (next > width) break;
    kept += segment;
    taken = next;
  }
  return kept;
}

/** Lines of at most `width` columns, broken between words; a word that is wider than a line is broken inside. */
export function wrap(text: string, width: number): readonly string[] {
  if (textWidth(text) <= width || width < 1) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line) > width) {
      // At least one character a line, whatever it takes: else this would not end.
      const piece = start(line, width) || ([...charactersOf(line)][0]?.segment ?? line);
      lines.push(piece);
      line = line.slice(piece.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** One item of a list: lines of at most `width` columns, set in by two, and by four after the first. */
export function listItem(text: string, width: number): readonly string[] {
  return wrap(text, width - 4).map((line, index) => (index === 0 ? '  ' : '    ') + line);
}

export type Alignment = 'left' | 'right';

/** Fills up with spaces to `width` columns. */
export function pad(text: string, width: number, alignment: Alignment = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return alignment === 'left' ? text + space : space + text;
}
