/** The Luhn check character over 0-9 A-Z, which ends a GSTIN. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The check character to put behind the text of digits and capital letters. */
export function luhnMod36Character(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) {
    const weight = (text.length - index) % 2 === 0 ? 1 : 2;
    const weighted = alphabet.indexOf(text.charAt(index)) * weight;
    sum += Math.floor(weighted / 36) + (weighted % 36);
  }
  return alphabet.charAt((36 - (sum % 36)) % 36);
}

/** True when the last character is the right check character of the others. */
export function luhnMod36Holds(text: string): boolean {
  return /^[0-9A-Z]{2,}$/.test(text) && luhnMod36Character(text.slice(0, -1)) === text.slice(-1);
}
