import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LmsError } from '@lms/core/kernel';
import type { Output } from '../output/index.js';

/** A file that a command reads by its path. */
export interface InputFile extends AsyncDisposable {
  readonly path: string;
  /** What files that the command makes beside it are named after. */
  readonly named: string;
}

/** How messages, and the records of an import, name it. */
const standardInputName = '(standard input)';

/** No import takes more; what is sent without end must not fill the disk. */
const defaultMostBytes = 512 * 1024 * 1024;

interface Reading {
  readonly signal: AbortSignal;
  readonly output: Pick<Output, 'say'>;
  readonly stdin?: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  /** Where the private file is kept meanwhile; the folder for temporary files by default. */
  readonly folder?: string;
  /** 512 MiB by default. */
  readonly mostBytes?: number;
}

/**
 * The file itself; for `-` standard input, kept in a file that nobody else can read and that is gone when the command ends, also
 * by a signal. What a killed process left behind is removed by the next one that reads standard input.
 *
 * @throws LmsError `LIMIT_EXCEEDED` beyond 512 MiB, `COMMAND_ABORTED` when stopped, `INPUT_INVALID` where it cannot be kept
 */
export async function inputFile(file: string, reading: Reading): Promise<InputFile> {
  if (file !== '-') return { path: file, named: file, [Symbol.asyncDispose]: () => Promise.resolve() };
  const parent = reading.folder ?? tmpdir();
  await removeLeftovers(parent);
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', removeNow);
  };
  const path = join(folder, standardInputName);
  try {
    await keep(path, reading);
    return { path, named: `standard-input${await extensionOf(path)}`, [Symbol.asyncDispose]: remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

async function keep(
  path: string,
  { signal, output, stdin = process.stdin, mostBytes = defaultMostBytes }: Reading,
): Promise<void> {
  if (stdin.isTTY === true) output.say('Reading what you type or paste; end it with Ctrl-D, or stop with Ctrl-C.');
  try {
    await pipeline(stdin, atMost(mostBytes), createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  } catch (cause) {
    if (LmsError.isInstance(cause)) throw cause;
    if (signal.aborted) throw new LmsError('COMMAND_ABORTED', { message: 'Nothing was read', cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LmsError('INPUT_INVALID', {
      message: `${standardInputName} cannot be kept: ${reason}`,
      path: standardInputName,
      cause,
    });
  }
}

function atMost(bytes: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size <= bytes) return done(null, chunk);
      const message = `${standardInputName} is larger than ${Math.round(bytes / 2 ** 20)} MiB`;
      done(new LmsError('LIMIT_EXCEEDED', { message, path: standardInputName }));
    },
  });
}

/** By the content, for files in the form of the input. */
async function extensionOf(path: string): Promise<string> {
  await using handle = await open(path, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
  const head = buffer.subarray(0, bytesRead).toString('latin1');
  if (head.startsWith('PK')) return '.xlsx';
  return /^(\u00EF\u00BB\u00BF)?\s*\{/.test(head) ? '.ndjson' : '.csv';
}

const prefix = 'lms-input-';

/** Folders of processes that are no more. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1] ?? 'none');
    if (!Number.isSafeInteger(pid) || isRunning(pid)) continue;
    // Somebody else's, or already removed: not ours to care for.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}
