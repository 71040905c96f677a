import { LmsError } from '@lms/core/kernel';
import { parseJson } from './json.js';
import { placeOf, readTextFile } from './text.js';

/**
 * A JSON object from a file, or from standard input where the file is `-`.
 * @throws LmsError `INPUT_INVALID` naming the file; `LIMIT_EXCEEDED` beyond 10 MiB
 */
export async function readJsonObject(file: string): Promise<Readonly<Record<string, unknown>>> {
  const place = placeOf(file);
  const value = parseJson(await readTextFile(file), place);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LmsError('INPUT_INVALID', { message: `${place}: expected one JSON object`, path: place });
  }
  // Copied key by key: a key such as __proto__ stays a key, to be refused by name.
  return Object.fromEntries(Object.entries(value));
}
