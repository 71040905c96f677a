import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EditedFile } from './edited-file.js';

describe('a text while it is edited', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lms-edited-file-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is in a file that nobody else can read, and gone when it is removed', async () => {
    const file = await EditedFile.make('loans.yaml', 'slug: loans\n', { 'schema.json': '{}' });
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file.path))).mode & 0o777).toBe(0o700);
    expect(await readdir(dirname(file.path))).toEqual(['loans.yaml', 'schema.json']);
    expect(await file.isChanged()).toBe(false);
    await writeFile(file.path, 'slug: other\n');
    expect(await file.isChanged()).toBe(true);
    await file.remove();
    await expect(stat(dirname(file.path))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is kept under a name that is free, and written over nothing', async () => {
    const names: string[] = [];
    for (const text of ['first', 'second']) {
      const file = await EditedFile.make('loans.yaml', text);
      const kept = await file.keep(folder);
      names.push(kept);
      expect(await readFile(kept, 'utf8')).toBe(text);
      await expect(stat(file.path)).rejects.toMatchObject({ code: 'ENOENT' });
    }
    expect(names).toEqual([join(folder, 'loans-edited.yaml'), join(folder, 'loans-edited-2.yaml')]);
  });

  it('stays where it is when it can be kept nowhere else', async () => {
    const file = await EditedFile.make('loans.yaml', 'precious');
    expect(await file.keep(join(folder, 'not-there'))).toBe(file.path);
    await file.remove();
    expect(await readFile(file.path, 'utf8')).toBe('precious');
    await rm(dirname(file.path), { recursive: true });
  });
});
