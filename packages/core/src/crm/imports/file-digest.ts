import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { canonicalJson, type Json } from '../../foundation/kernel/index.js';

/** SHA-256 of a file's content, hexadecimal. */
export async function fileSha256(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: 256 * 1024, ...(signal === undefined ? {} : { signal }) });
  for await (const piece of stream) hash.update(piece);
  return hash.digest('hex');
}

/** A short name for a set of choices: equal choices, in whatever order they are written, have the same one. */
export function digestOf(choices: Json): string {
  return createHash('sha256').update(canonicalJson(choices)).digest('base64url').slice(0, 32);
}
