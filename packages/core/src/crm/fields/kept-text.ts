import { z } from 'zod';
import { hideAadhaarNumbers } from './identity/index.js';

/**
 * A text that is kept and that people may type anything into, at most so many characters: a note, a comment, a campaign. Aadhaar numbers
 * in it are hidden before anything else sees it.
 */
export function keptText(most: number, empty: string = 'the text is empty'): z.ZodType<string> {
  return z
    .string()
    .trim()
    .transform((text) => hideAadhaarNumbers(text))
    .pipe(
      z
        .string()
        .min(1, { error: empty })
        .max(most, { error: `at most ${most.toLocaleString('en')} characters` }),
    );
}
