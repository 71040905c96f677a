/**
 * Text that is safe to print: control characters (terminal escapes among them) and direction overrides, which a file or a
 * web form may have brought in, become visible marks. Line breaks become spaces.
 */
export function printable(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replace(controls, '\u{FFFD}');
}

/** The same, keeping line breaks: for notes. */
export function printableLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map(printable);
}

// C0 and C1 controls, bidirectional marks, overrides and isolates, line and paragraph separators.
const controls = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu;
