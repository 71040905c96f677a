import { type Json, LmsError } from '../kernel/index.js';

interface Kept {
  /** Names it for people. */
  readonly what: string;
  /** Characters of JSON at most. */
  readonly most: number;
  /** Of the input that is wrong. */
  readonly path?: string;
}

/**
 * That a value is JSON, as its type says and JavaScript may not, and short enough to be kept.
 * @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED`
 */
export function requireJson(value: Json, { what, most, path }: Kept): void {
  const where = path === undefined ? {} : { path };
  const length = lengthOfJson(value);
  if (length === null) throw new LmsError('INPUT_INVALID', { message: `${what} is not JSON`, ...where });
  if (length <= most) return;
  throw new LmsError('LIMIT_EXCEEDED', {
    message: `${what} has ${length} characters of JSON; at most ${most} are kept, so name what is larger by its id`,
    ...where,
  });
}

/** Characters; null for what has no JSON: a function, nothing at all, a big integer, a circle. */
export function lengthOfJson(value: Json | undefined): number | null {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text?.length ?? null;
  } catch {
    return null;
  }
}
