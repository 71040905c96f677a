import { folded } from './asked-type.js';

/** So many letters or digits in a row are a part by which somebody could be known. */
const tellingLength = 4;

/**
 * Whether what a plugin says quotes a part of what was typed: of fields whose values are sealed no message may. A word that both have in
 * common counts as well; then less is told than could be.
 */
export function repeatsPart(said: string, typed: string): boolean {
  const text = folded(said);
  const sought = folded(typed);
  // Of a shorter text the whole tells: a branch may be called `B7`.
  const length = Math.min(tellingLength, sought.length);
  for (let start = 0; start + length <= sought.length; start += 1) {
    if (text.includes(sought.slice(start, start + length))) return true;
  }
  return false;
}
