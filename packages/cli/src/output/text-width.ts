import stringWidth from 'string-width';

/** Columns that the text takes in a terminal: Devanagari signs join, emoji and CJK take two. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cuts at a whole character so that the text with its ellipsis takes at most `width` columns. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let taken = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = taken + textWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    taken = next;
  }
  return `${kept.trimEnd()}…`;
}

export type Alignment = 'left' | 'right';

/** Fills up with spaces to `width` columns. */
export function pad(text: string, width: number, alignment: Alignment = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return alignment === 'left' ? text + space : space + text;
}
