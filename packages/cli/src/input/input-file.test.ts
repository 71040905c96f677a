import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputFile } from './input-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-input-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const output = { say: () => undefined };
const signal = new AbortController().signal;
const read = (...chunks: readonly (string | Uint8Array)[]) =>
  inputFile('-', { signal, output, folder, stdin: Readable.from(chunks.map((chunk) => Buffer.from(chunk))) });

describe('a file that a command reads', () => {
  it('is the one that was named', async () => {
    await using file = await inputFile('leads.csv', { signal, output, folder });
    expect(file).toMatchObject({ path: 'leads.csv', named: 'leads.csv' });
  });

  it('is standard input for -, kept where nobody else can read it, and gone afterwards', async () => {
    const file = await read('Name,Mobile\n', 'आशा,9820000001\n');
    expect(await readFile(file.path, 'utf8')).toBe('Name,Mobile\nआशा,9820000001\n');
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file.path))).mode & 0o777).toBe(0o700);
    await file[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['Name,Mobile', 'standard-input.csv'],
    ['', 'standard-input.csv'],
    [' {"name":"Asha"}', 'standard-input.ndjson'],
    ['\uFEFF{"name":"Asha"}', 'standard-input.ndjson'],
    ['PK\u0003\u0004', 'standard-input.xlsx'],
  ])('names what is made beside it by the content: %j is %s', async (content, named) => {
    await using file = await read(content);
    expect(file.named).toBe(named);
  });

  it('leaves nothing behind when it is stopped, or too large', async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        yield Buffer.alloc(1024 * 1024);
        await Promise.resolve();
      }
    }
    const waiting = inputFile('-', {
      signal: controller.signal,
      output,
      folder,
      stdin: new Readable({ read: () => undefined }),
    });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    await expect(
      inputFile('-', { signal, output, folder, mostBytes: 3 * 1024 * 1024, stdin: endless() }),
    ).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('removes what a killed process left behind, and nothing of one that runs', async () => {
    const ofDead = join(folder, 'lms-input-999999999-abc');
    const ofLiving = join(folder, `lms-input-${process.ppid}-abc`);
    for (const each of [ofDead, ofLiving]) {
      await mkdir(each);
      await writeFile(join(each, '(standard input)'), 'personal');
    }
    await using _file = await read('x');
    expect(existsSync(ofDead)).toBe(false);
    expect(existsSync(ofLiving)).toBe(true);
  });
});
