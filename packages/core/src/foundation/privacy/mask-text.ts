const hidden = '******';
const graphemes: Intl.Segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Hides all of a text but its end: `******7890`. Shows at most a quarter of it, so short texts are hidden whole. */
export function maskText(text: string, shownAtEnd = 4): string {
  const letters = lettersOf(text);
  const shown = Math.min(shownAtEnd, Math.floor(letters.length / 4));
  return hidden + letters.slice(letters.length - shown).join('');
}

/** The first letter of each word: `A****** R******`. A word's length does not show. At most four words do. */
export function maskName(name: string): string {
  const words = name.trim().split(/\s+/u).slice(0, 4);
  return words.map((word) => (lettersOf(word).length > 1 ? `${lettersOf(word)[0] ?? ''}${hidden}` : hidden)).join(' ');
}

/** The first letter and the domain's last part: `a******@******.in`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const dot = email.lastIndexOf('.');
  if (at < 1 || dot < at) return hidden;
  return `${at > 1 ? (lettersOf(email)[0] ?? '') : ''}${hidden}@${hidden}${email.slice(dot)}`;
}

/** Letters as people count them, so that a vowel sign stays with its consonant. */
function lettersOf(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}
