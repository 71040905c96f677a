import { gstStates } from './gst-state.js';
import { luhnMod36Holds } from './luhn-mod-36.js';
import { panFault } from './pan-number.js';

/**
 * What is wrong with a GSTIN in capitals, undefined when nothing is: state code, PAN, entity number (not 0), `Z`, Luhn
 * mod 36 character. The phrase holds no character of the number.
 */
export function gstinFault(text: string): string | undefined {
  if (text.length !== 15) return `has ${text.length} characters, not 15`;
  if (!Object.hasOwn(gstStates, text.slice(0, 2))) return 'does not begin with the code of a state';
  const pan = panFault(text.slice(2, 12));
  if (pan !== undefined) return `has a PAN in places 3 to 12 that ${pan}`;
  if (!/[1-9A-Z]/.test(text.charAt(12))) return 'has no digit from 1 or letter in place 13';
  if (text.charAt(13) !== 'Z') return 'has no Z in place 14';
  if (!luhnMod36Holds(text)) return 'has a wrong check character: one is mistyped or two are swapped';
  return undefined;
}
