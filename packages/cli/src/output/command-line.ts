/** Words as a shell reads them back: `lms leads list --where 'city=New Delhi'`. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
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
