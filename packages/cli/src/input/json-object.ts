import { open } from 'node:fs/promises';
import { LmsError } from '@lms/core/kernel';

const largest = 10 * 1024 * 1024;

/**
 * A JSON object from a file, or from standard input where the file is `-`.
 * @throws LmsError `INPUT_INVALID` naming the file; `LIMIT_EXCEEDED` beyond 10 MiB
 */
export async function readJsonObject(file: string): Promise<Readonly<Record<string, unknown>>> {
  const place = file === '-' ? 'standard input' : file;
  const value = parse(await read(file, place), place);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LmsError('INPUT_INVALID', { message: `${place}: expected one JSON object`, path: place });
  }
  // Copied key by key: a key such as __proto__ stays a key, to be refused by name.
  return Object.fromEntries(Object.entries(value));
}

async function read(file: string, place: string): Promise<string> {
  if (file === '-') return readAll(process.stdin, place);
  try {
    await using handle = await open(file, 'r');
    return await readAll(handle.createReadStream({ autoClose: false }), place);
  } catch (cause) {
    if (LmsError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LmsError('INPUT_INVALID', { message: `${place} cannot be read: ${reason}`, path: place, cause });
  }
}

async function readAll(stream: AsyncIterable<Uint8Array | string>, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largest)
      throw new LmsError('LIMIT_EXCEEDED', { message: `${place} is larger than 10 MiB`, path: place });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's message may repeat what was typed, which may be personal.
    throw new LmsError('INPUT_INVALID', { message: `${place} is not JSON`, path: place, cause });
  }
}
