import { printable } from './printable.js';

/** Words as a shell reads them back: `lms leads list --where 'city=New Delhi'`. What would drive the terminal is escaped. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return printable(word) === word ? `'${word.replaceAll("'", String.raw`'\''`)}'` : escaped(word);
}

/** As bash, zsh and ksh read it: `$'a\x1bb'`. */
function escaped(word: string): string {
  const signs = Array.from(word, (sign) => {
    if (sign === "'" || sign === '\\') return `\\${sign}`;
    return printable(sign) === sign ? sign : escapeOf(sign.codePointAt(0) ?? 0);
  });
  return `$'${signs.join('')}'`;
}

/** Of four digits, so that what follows is not taken for more of it. */
function escapeOf(code: number): string {
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The same words with a flag set to another value. */
export function withFlag(words: readonly string[], flag: string, value: string): readonly string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === flag) index += 1;
    else if (!word.startsWith(`${flag}=`)) kept.push(word);
  }
  return [...kept, flag, value];
}
