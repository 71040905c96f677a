import { type Json, LmsError } from '@lms/core/kernel';

/**
 * JSON that was typed.
 * @param place the option or file that errors name
 * @throws LmsError `INPUT_INVALID`
 */
export function parseJson(text: string, place: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's message may repeat what was typed, which may be personal.
    throw new LmsError('INPUT_INVALID', { message: `${place} is not JSON`, path: place, cause });
  }
}
