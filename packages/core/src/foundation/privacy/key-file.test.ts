import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasCode } from '../kernel/index.js';
import { createKeyFile, keyFile } from './key-file.js';
import { keyFromEnvironmentValue } from './key-from-environment.js';

const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
// sha256 of those bytes, computed with: python3 -c "import hashlib;print(hashlib.sha256(bytes(i*7%256 for i in range(32))).hexdigest()[:16])"
const expectedId = '2dfd602a7a260b7a';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-key-'));
  path = join(folder, 'lms.db.key');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a key file', () => {
  test('is made for its owner alone and read back', async () => {
    const made = await createKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await keyFile(path).load()).toEqual(made);
    expect(made.id).toMatch(/^[0-9a-f]{16}$/);
    expect(await readFile(path, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  });

  test('is never overwritten, even when many make it at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => createKeyFile(path)));
    const [winner, ...others] = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(others).toEqual([]);
    expect((await keyFile(path).load()).id).toBe(winner?.value.id);
    await expect(createKeyFile(path)).rejects.toMatchObject({ code: 'KEY_INVALID', path });
    expect(await readdir(folder)).toEqual(['lms.db.key']);
  });

  test('is whole as soon as it is there', async () => {
    let making = true;
    const made = createKeyFile(path).finally(() => {
      making = false;
    });
    while (making) {
      const seen = await keyFile(path)
        .load()
        .catch((error: unknown) => error);
      if (hasCode(seen, 'KEY_MISSING')) continue;
      expect(seen).toEqual(await made);
    }
  });

  test.each([
    ['raw bytes', Buffer.from(bytes)],
    ['base64', Buffer.from(`${Buffer.from(bytes).toString('base64')}\n`)],
    ['base64 of the URL alphabet', Buffer.from(Buffer.from(bytes).toString('base64url'))],
    ['hexadecimal', Buffer.from(` ${Buffer.from(bytes).toString('hex').toUpperCase()}\r\n`)],
  ])('is read from %s', async (_spelling, content) => {
    await writeFile(path, content, { mode: 0o600 });
    expect(await keyFile(path).load()).toEqual({ id: expectedId, bytes });
  });

  test('that is missing says where it should be', async () => {
    await expect(keyFile(path).load()).rejects.toMatchObject({
      code: 'KEY_MISSING',
      path,
      message: expect.stringContaining(path),
    });
  });

  test.each([
    ['nothing', ''],
    ['a short key', Buffer.alloc(16, 200)],
    ['a password of 32 characters', 'correct horse battery staple 1234'.slice(0, 32)],
    ['half a key in hexadecimal', '00112233445566778899aabbccddeeff'],
    ['a long file', 'x'.repeat(5000)],
  ])('that holds %s is refused without showing it', async (_what, content) => {
    await writeFile(path, content, { mode: 0o600 });
    const refused = keyFile(path).load();
    await expect(refused).rejects.toMatchObject({ code: 'KEY_INVALID', path });
    if (content.length > 0) await expect(refused).rejects.not.toThrow(content.toString());
  });

  test.each([0o640, 0o604, 0o660])('with mode %o is refused, unless that is allowed', async (mode) => {
    await createKeyFile(path);
    await chmod(path, mode);
    await expect(keyFile(path).load()).rejects.toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringContaining(`chmod 600 ${path}`),
    });
    await expect(keyFile(path, { allowReadableByOthers: true }).load()).resolves.toBeDefined();
  });

  test('cannot be made in a folder that does not exist', async () => {
    await expect(createKeyFile(join(folder, 'none', 'key'))).rejects.toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringContaining('ENOENT'),
    });
  });
});

describe('a key in the environment', () => {
  test('is read as base64 or hexadecimal', async () => {
    const source = keyFromEnvironmentValue(Buffer.from(bytes).toString('hex'), 'LMS_KEY');
    expect(await source.load()).toEqual({ id: expectedId, bytes });
  });

  test.each([undefined, '', '  '])('that is %j is missing, by name', async (value) => {
    await expect(keyFromEnvironmentValue(value, 'LMS_KEY').load()).rejects.toMatchObject({
      code: 'KEY_MISSING',
      message: expect.stringContaining('LMS_KEY'),
    });
  });

  test('that is something else is refused without showing it', async () => {
    const refused = keyFromEnvironmentValue('hunter2', 'LMS_KEY').load();
    await expect(refused).rejects.toMatchObject({ code: 'KEY_INVALID', path: 'LMS_KEY' });
    await expect(refused).rejects.not.toThrow('hunter2');
  });
});
