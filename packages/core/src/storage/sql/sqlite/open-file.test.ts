import { copyFile, mkdir, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFile } from './open-file.js';
import { realFileOf } from './real-file.js';

let folder: string;
/** Where the files are that links lead to. */
let away: string;
let links = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-links-'));
  away = join(folder, 'away');
  await mkdir(away);
  using database = new DatabaseSync(join(away, 'whole.db'));
  database.exec('CREATE TABLE pages (text TEXT)');
  database.prepare('INSERT INTO pages VALUES (?)').run('x'.repeat(40_000));
});

afterAll(() => rm(folder, { recursive: true }));

async function linkTo(target: string): Promise<string> {
  links += 1;
  const link = join(folder, `link-${links}.db`);
  await symlink(target, link);
  return link;
}

describe('the file that a name leads to', () => {
  it('is that at the end of its links, whether it is there or not yet', async () => {
    const whole = join(away, 'whole.db');
    expect(await realFileOf(whole)).toBe(whole);
    expect(await realFileOf(await linkTo(whole))).toBe(whole);
    expect(await realFileOf(await linkTo('away/whole.db'))).toBe(whole);
    expect(await realFileOf(await linkTo(await linkTo(whole)))).toBe(whole);
    expect(await realFileOf(await linkTo(join(away, 'not-yet.db')))).toBe(join(away, 'not-yet.db'));
    const folderLink = await linkTo(away);
    expect(await realFileOf(join(folderLink, 'whole.db'))).toBe(whole);
  });

  it('is where SQLite puts a new one', async () => {
    const link = await linkTo(join(away, 'made.db'));
    const expected = await realFileOf(link);
    using database = new DatabaseSync(link);
    database.exec('CREATE TABLE pages (text TEXT)');
    expect((await stat(expected)).isFile()).toBe(true);
  });

  it('is the name itself for a circle, and in a folder that is not there', async () => {
    const circle = join(folder, 'circle.db');
    await symlink(circle, circle);
    expect(await realFileOf(circle)).toBe(circle);
    expect(await realFileOf(join(folder, 'nowhere', 'lms.db'))).toBe(join(folder, 'nowhere', 'lms.db'));
  });
});

describe('a link is checked as the file that it leads to', () => {
  const refusalOf = (file: string, networkOf?: (at: string) => Promise<string | null>): Promise<unknown> =>
    checkFile(file, networkOf).then(
      () => null,
      (error: unknown) => error,
    );

  it('and refused when that is on a network file system', async () => {
    const networkOf = async (at: string): Promise<string | null> => (at === away ? 'NFS' : null);
    for (const target of ['whole.db', 'new.db']) {
      const link = await linkTo(join(away, target));
      expect(await refusalOf(link, networkOf)).toMatchObject({
        code: 'STORE_MISCONFIGURED',
        path: link,
        message: expect.stringMatching(/link-\d+\.db leads to .*away.*is on a network file system \(NFS\)/),
      });
      expect(await refusalOf(link)).toBeNull();
    }
  });

  it('and refused when that was cut, whatever lies beside the link', async () => {
    const cut = join(away, 'cut.db');
    await copyFile(join(away, 'whole.db'), cut);
    await truncate(cut, 8192);
    const link = await linkTo(cut);
    await writeFile(`${link}-wal`, 'the log of no file');
    expect(await refusalOf(link)).toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringMatching(/cut short/) });
  });

  it('and refused when only the log of that is left', async () => {
    const gone = join(away, 'gone.db');
    await writeFile(`${gone}-wal`, 'commits that are nowhere else');
    expect(await refusalOf(await linkTo(gone))).toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringMatching(/its log .*gone\.db-wal is there/),
    });
  });
});
