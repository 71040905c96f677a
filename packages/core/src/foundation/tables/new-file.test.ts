import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placeProblem } from './file-problems.js';
import { NewFile } from './new-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-new-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (): string => join(folder, 'out');
async function closed(name: string, text: string): Promise<NewFile> {
  const made = await NewFile.create({ file: file(), name, failure: (cause) => cause });
  await made.write(Buffer.from(text));
  await made.close();
  return made;
}

it('is for its owner only and has its name when it is published, whole', async () => {
  const made = await closed('a', 'x'.repeat(200_000));
  expect(await readdir(folder)).toEqual(['.out.a.partial']);
  expect(await made.publish({ replace: false })).toBe(true);
  expect(await readdir(folder)).toEqual(['out']);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect((await readFile(file())).length).toBe(200_000);
});

it('of ten that are published under one name at once, one gets it and the others change nothing', async () => {
  const names = Array.from({ length: 10 }, (_, at) => String(at));
  const made = await Promise.all(names.map((name) => closed(name, name)));
  const got = await Promise.all(made.map((each) => each.publish({ replace: false })));
  const winner = got.indexOf(true);
  expect(got.filter(Boolean)).toHaveLength(1);
  expect(await readFile(file(), 'utf8')).toBe(String(winner));
  await Promise.all(made.map((each) => each.discard()));
  expect(await readdir(folder)).toEqual(['out']);
});

it('replaces a file where that is said', async () => {
  await writeFile(file(), 'old');
  expect(await (await closed('a', 'new')).publish({ replace: true })).toBe(true);
  expect(await readFile(file(), 'utf8')).toBe('new');
});

it('that is discarded leaves nothing, also when it was never closed', async () => {
  const made = await NewFile.create({ file: file(), name: 'a', failure: (cause) => cause });
  await made.write(Buffer.from('x'));
  await made.discard();
  expect(await readdir(folder)).toEqual([]);
});

it('is told beforehand where it cannot be', async () => {
  await mkdir(join(folder, 'inner'));
  expect(await placeProblem(file())).toBeNull();
  expect(await placeProblem(join(folder, 'inner'))).toMatch(/is a folder; name a file in it/);
  expect(await placeProblem(`${join(folder, 'none')}/`)).toMatch(/names a folder; name a file in it/);
  expect(await placeProblem(join(folder, 'none', 'out'))).toMatch(/no folder .*none; make it first/);
  await writeFile(file(), '');
  expect(await placeProblem(join(file(), 'out'))).toMatch(/no folder/);
});
