import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { applicant, fileStore, withPersonalLoan } from './stores.js';

const line = ['--product', 'personal-loan'];

describe('backup and restore', { timeout: 180_000 }, () => {
  let folder: LmsFolder;

  const lms = async (words: readonly string[], exitCode = 0): Promise<string> => {
    const outcome = await folder.lms(words);
    expect({ exitCode: outcome.exitCode, stderr: exitCode === 0 ? '' : outcome.stderr }, words.join(' ')).toEqual({
      exitCode,
      stderr: exitCode === 0 ? '' : expect.any(String),
    });
    return exitCode === 0 ? outcome.stdout : outcome.stderr;
  };

  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
    await lms(['leads', 'create', ...line, ...applicant()]);
    const file = folder.file('lms.config.json');
    const configuration = JSON.parse(await readFile(file, 'utf8'));
    configuration.stores.again = { kind: 'sqlite', file: 'again.db' };
    await writeFile(file, JSON.stringify(configuration));
    await lms(['backup', 'whole.lmsbackup']);
  }, 180_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  // Between a file and servers: docs/runbooks/restore.md, whose commands are run.
  it('copies a store into another of the configuration, which then answers the same', async () => {
    const listed = await lms(['leads', 'list', ...line]);
    const said = await lms(['backup', 'moved.lmsbackup']);
    expect(said).toMatch(
      /^Backed up \d+ rows .* to .*moved\.lmsbackup \(.*\)\nKeep .*moved\.lmsbackup\.destroyed beside it/,
    );
    const again = await lms(['restore', 'moved.lmsbackup', '--store', 'again']);
    expect(again).toMatch(
      /^Restored \d+ rows of .* into store "again"\nThe lists of what was erased end at .*Z: erase again/,
    );
    expect(await lms(['leads', 'list', ...line, '--store', 'again'])).toBe(listed);
    expect(await lms(['doctor', '--store', 'again'])).not.toMatch(/FAIL/);
    const { rows } = JSON.parse(await lms(['backups', 'verify', 'moved.lmsbackup', '--json']));
    expect(rows).toBeGreaterThan(20);
  });

  it('keeps in a folder what it is told to keep', async () => {
    const kept = ['backup', '--folder', '.', '--keep-daily', '1', '--keep-weekly', '0'];
    await lms(kept);
    expect(await lms(kept)).toMatch(/\nRemoved .*\.lmsbackup\n/);
  });

  it('refuses a span that is none, or shorter than a minute', async () => {
    for (const span of ['5', '30s', '1 day']) {
      expect(await folder.lms(['backup', '--folder', '.', '--every', span])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(
          `--every is a span of time such as 15m, 6h or 7d, of a minute or more, not ${span}`,
        ),
      });
    }
  });

  it('goes on making them until it is stopped, the first at once where none is young enough', async () => {
    const own = folder.file('service');
    await mkdir(own);
    let told = '';
    const service = await folder.lms(['backup', '--folder', 'service', '--keep-daily', '1', '--every', '1m'], {
      started(child) {
        child.stderr?.on('data', (text: string) => {
          const isWaiting = told.includes('The next backup is due');
          told += text;
          if (!isWaiting && told.includes('The next backup is due')) child.kill('SIGTERM');
        });
      },
    });
    expect(service).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^The next backup is due at [\s\S]*Stopping/),
    });
    const made = (await readdir(own)).filter((name) => name.endsWith('.lmsbackup'));
    // A backup of an earlier test may be young enough to wait for the next minute first.
    expect(made.length).toBeLessThanOrEqual(1);
    expect(service.stdout.includes('Backed up')).toBe(made.length === 1);
  });

  it('has doctor tell how old the last one is, and fail where that is older than the configuration says', async () => {
    expect(await lms(['doctor'])).toMatch(/\nok {4}backups: the last is \d+ (s|min) old \(.*\.lmsbackup, 20.*Z\)\n/);
    const strict = folder.file('strict.json');
    const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
    await writeFile(strict, JSON.stringify({ ...configuration, backups: { warnAfter: '1s' } }));
    await sleep(1_100);
    const found = await folder.lms(['doctor', '--config', strict]);
    expect(found).toMatchObject({ exitCode: 7, stdout: expect.stringMatching(/FAIL {2}backups: .* run lms backup/) });
    const age = JSON.stringify({ ...configuration, backups: { warnAfter: 'nightly' } });
    await writeFile(strict, age);
    expect(await lms(['doctor', '--config', strict], 2)).toMatch(
      /backups\.warnAfter.*expected a span of time such as 26h/,
    );
  });

  it('passes over a damaged list of destroyed keys where a newer one is whole, and says so', async () => {
    const own = folder.file('lists');
    await mkdir(own);
    await lms(['backup', 'lists/old.lmsbackup']);
    await writeFile(join(own, 'old.lmsbackup.destroyed'), 'damaged');
    await lms(['backup', 'lists/new.lmsbackup']);
    const configuration = JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
    configuration.stores.listed = { kind: 'sqlite', file: 'listed.db' };
    await writeFile(folder.file('lists.json'), JSON.stringify(configuration));
    const restore = ['restore', 'lists/old.lmsbackup', '--store', 'listed', '--config', 'lists.json'];
    const restored = await folder.lms(restore);
    expect(restored).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Restored/),
      stderr: expect.stringMatching(
        /old\.lmsbackup\.destroyed is no list of destroyed keys, or damaged; it was passed over/,
      ),
    });
    await rm(join(own, 'new.lmsbackup.destroyed'));
    expect(await lms(restore, 3)).toMatch(/BACKUP_KEYS_DAMAGED[\s\S]*--destroyed LIST/);
  });

  it('says what is wrong, and what to type next', async () => {
    expect(await lms(['backup', 'whole.lmsbackup'], 5)).toMatch(/BACKUP_FILE_EXISTS[\s\S]*--replace/);
    expect(await lms(['restore', 'whole.lmsbackup'], 5)).toMatch(/STORE_NOT_EMPTY[\s\S]*--store/);
    expect(await lms(['backup'], 2)).toMatch(/a file or --folder/);
    expect(await lms(['backup', 'a.lmsbackup', '--keep-daily', '2'], 2)).toMatch(/--folder/);
    expect(await lms(['backups', 'show', 'whole.lmsbackup'])).toMatch(
      /old\nof: a store of kind sqlite[\s\S]*checksum: sha256 [0-9a-f]{64}\n$/,
    );
    const bytes = await readFile(join(folder.path, 'whole.lmsbackup'));
    await writeFile(folder.file('cut.lmsbackup'), bytes.subarray(0, bytes.length - 100));
    const shown = await folder.lms(['backups', 'show', 'cut.lmsbackup']);
    expect(shown).toMatchObject({ exitCode: 3, stdout: expect.stringMatching(/checksum: WRONG/) });
    expect(await lms(['backups', 'verify', 'cut.lmsbackup'], 3)).toMatch(/chunk.*BACKUP_INVALID/);
    expect(await lms(['restore', 'lms.config.json', '--store', 'again'], 3)).toMatch(/no backup of LMS/);
  });
});
