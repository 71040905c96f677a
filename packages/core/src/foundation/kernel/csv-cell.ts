/**
 * What somebody typed must not run as a formula when a spreadsheet program opens the file
 * (owasp.org/www-community/attacks/CSV_Injection): `=`, `+`, `-`, `@` first, in full width too, also behind white space or
 * signs that nobody sees; and tab, carriage return or line feed first. Numbers and phones (`-5`, `+91 98200 12345`) are no
 * formulas.
 */
const unseen = '[\\s\\p{Cc}\\p{Cf}]*';
const formula = new RegExp(
  `^(?:[\\t\\r\\n]|${unseen}(?:[=@\uff1d\uff20]|[+\\-\uff0b\uff0d](?![\\d\\s().,/-]*$)))`,
  'u',
);

/** The mark a spreadsheet shows where a formula failed. */
const errorMark =
  /^\s*#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|UNKNOWN!)\s*$/i;

/** What an apostrophe in front of it marks as text, as spreadsheet programs do; further apostrophes are the text's own. */
const markable = new RegExp(`^'*(?:[\\d\\t\\r\\n]|${unseen}[=+\\-@\uff1d\uff0b\uff0d\uff20])`, 'u');

/** As nearly every text begins. */
const harmlessStart = /^[0-9A-Za-z]/;

/** Whether the text is what a spreadsheet shows for a failed formula, such as `#N/A`. */
export function isErrorMark(text: string): boolean {
  return text.length < 24 && errorMark.test(text);
}

/** Whether a spreadsheet program would run the text of a csv cell. */
export function isFormula(text: string): boolean {
  return formula.test(text);
}

/**
 * The text as a csv cell holds it so that it stays text: with an apostrophe in front where it would run as a formula or be
 * taken for the mark of a failed one, or where its own apostrophe would be taken for such a mark. Law:
 * `unmarkedText(markedText(text)).text` is `text`.
 */
export function markedText(text: string): string {
  if (harmlessStart.test(text)) return text;
  const own = text.startsWith("'") && isMarkedText(text);
  return own || isFormula(text) || isErrorMark(text) ? `'${text}` : text;
}

/** The text without the apostrophe that marks it as text; `isMarked` says that whatever it looks like, it is text. */
export function unmarkedText(written: string): { readonly text: string; readonly isMarked: boolean } {
  return isMarkedText(written) ? { text: written.slice(1), isMarked: true } : { text: written, isMarked: false };
}

function isMarkedText(written: string): boolean {
  if (!written.startsWith("'")) return false;
  const rest = written.slice(1);
  return markable.test(rest) || isErrorMark(rest.replace(/^'+/, ''));
}

const needsQuotes = /["\r\n,;\t|]/;

/**
 * A csv cell (RFC 4180), in quotes where the text needs them, and wherever another program could part it: at `,`, `;`, tab or `|`,
 * whichever of them parts this file.
 */
export function csvCell(text: string, delimiter: string): string {
  const isPlain = !needsQuotes.test(text) && !text.includes(delimiter) && text === text.trim();
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
