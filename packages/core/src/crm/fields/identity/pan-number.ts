/** Who holds a permanent account number, by its fourth letter (Income Tax Department). */
const panHolders: Readonly<Record<string, string>> = {
  A: 'association of persons',
  B: 'body of individuals',
  C: 'company',
  F: 'firm or limited liability partnership',
  G: 'government',
  H: 'Hindu undivided family',
  J: 'artificial juridical person',
  L: 'local authority',
  P: 'individual',
  T: 'trust',
};

/**
 * What is wrong with a PAN in capitals, undefined when nothing is: five letters, four digits, a letter; the fourth letter
 * names the kind of holder; the serial is 0001 to 9999. How the last letter is computed is not published. The phrase holds
 * no character of the number.
 */
export function panFault(text: string): string | undefined {
  if (text.length !== 10) return `has ${text.length} characters, not 10`;
  const wrongAt = [...text].findIndex((character, index) =>
    index >= 5 && index <= 8 ? !/[0-9]/.test(character) : !/[A-Z]/.test(character),
  );
  if (wrongAt >= 0) return `has no ${wrongAt >= 5 && wrongAt <= 8 ? 'digit' : 'letter'} in place ${wrongAt + 1}`;
  if (!Object.hasOwn(panHolders, text.charAt(3))) return 'has a fourth letter that names no kind of holder';
  if (text.slice(5, 9) === '0000') return 'has the serial number 0000, which is never given';
  return undefined;
}
