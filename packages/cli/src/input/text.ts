import { open } from 'node:fs/promises';
import { LmsError } from '@lms/core/kernel';

const largest = 10 * 1024 * 1024;

/** What was typed, or standard input where that is `-`. @throws LmsError `LIMIT_EXCEEDED` */
export async function readText(typed: string): Promise<string> {
  return typed === '-' ? readAll(process.stdin, standardInput) : typed;
}

/** The text of a file, or of standard input for `-`. @throws LmsError `INPUT_INVALID`, `LIMIT_EXCEEDED` beyond 10 MiB */
export async function readTextFile(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin, standardInput);
  try {
    await using handle = await open(file, 'r');
    return await readAll(handle.createReadStream({ autoClose: false }), file);
  } catch (cause) {
    if (LmsError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LmsError('INPUT_INVALID', { message: `${file} cannot be read: ${reason}`, path: file, cause });
  }
}

/** How errors name a file argument. */
export function placeOf(file: string): string {
  return file === '-' ? standardInput : file;
}

const standardInput = 'standard input';

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
