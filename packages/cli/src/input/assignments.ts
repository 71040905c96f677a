import { LmsError } from '@lms/core/kernel';

/** Splits `key=value` at the first equals sign. @throws LmsError `USAGE_INVALID` */
function parseAssignment(text: string, flag: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new LmsError('USAGE_INVALID', { message: `Write ${flag} key=value, not "${text}"`, path: flag });
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/**
 * Repeated `key=value` flags as an object whose keys are all its own, whatever they are called.
 * @throws LmsError `USAGE_INVALID` for a key that is named twice
 */
export function parseAssignments(texts: readonly string[], flag: string): Readonly<Record<string, string>> {
  const assignments = new Map<string, string>();
  for (const text of texts) {
    const [key, value] = parseAssignment(text, flag);
    if (assignments.has(key)) {
      throw new LmsError('USAGE_INVALID', { message: `${flag} names "${key}" twice`, path: flag });
    }
    assignments.set(key, value);
  }
  return Object.fromEntries(assignments);
}
