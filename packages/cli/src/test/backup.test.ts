import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { applicant, exampleFile, storeShapes } from './stores.js';

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
    const servers = storeShapes.find(({ name }) => name === 'hybrid');
    if (servers === undefined) throw new Error('there are no servers');
    folder = await servers.make();
    await lms(['init', '--store', 'dev', '--yes', '--quiet']);
    await lms(['schema', 'publish', exampleFile('product-lines/personal-loan.yaml'), '--store', 'dev']);
    for (const name of ['Asha Rao', 'Ravi Iyer']) {
      const person = applicant({ fullName: name, mobile: name === 'Asha Rao' ? '98200 12340' : '98200 12341' });
      await lms(['leads', 'create', ...line, ...person, '--store', 'dev']);
    }
    const file = folder.file('lms.config.json');
    const configuration = JSON.parse(await readFile(file, 'utf8'));
    configuration.stores.again = { kind: 'sqlite', file: 'again.db' };
    await writeFile(file, JSON.stringify(configuration));
  }, 180_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  it('moves a store from a file to servers and back, by the same two commands', async () => {
    const listed = await lms(['leads', 'list', ...line, '--store', 'dev']);
    const said = await lms(['backup', 'moved.lmsbackup', '--store', 'dev']);
    expect(said).toMatch(
      /^Backed up \d+ rows .* to .*moved\.lmsbackup \(.*\)\nKeep .*moved\.lmsbackup\.destroyed beside it/,
    );
    expect(await lms(['restore', 'moved.lmsbackup', '--store', 'prod'])).toMatch(
      /^Restored \d+ rows of .* into store "prod"\n$/,
    );
    expect(await lms(['leads', 'list', ...line, '--store', 'prod'])).toBe(listed);
    const kept = ['--keep-daily', '1', '--keep-weekly', '0'];
    await lms(['backup', '--folder', '.', ...kept, '--store', 'prod']);
    expect(await lms(['backup', '--folder', '.', ...kept, '--store', 'prod'])).toMatch(/\nRemoved .*\.lmsbackup\n/);
    const [back] = (await readdir(folder.path)).filter((name) => /^lms-.*\.lmsbackup$/.test(name));
    await lms(['restore', back ?? '', '--store', 'again']);
    expect(await lms(['leads', 'list', ...line, '--store', 'again'])).toBe(listed);
    expect(await lms(['doctor', '--store', 'again'])).not.toMatch(/FAIL/);
    const { rows } = JSON.parse(await lms(['backups', 'verify', back ?? '', '--json']));
    expect(rows).toBeGreaterThan(30);
  });

  it('says what is wrong, and what to type next', async () => {
    await lms(['backup', 'whole.lmsbackup', '--store', 'dev']);
    expect(await lms(['backup', 'whole.lmsbackup', '--store', 'dev'], 5)).toMatch(/BACKUP_FILE_EXISTS[\s\S]*--replace/);
    expect(await lms(['restore', 'whole.lmsbackup', '--store', 'dev'], 5)).toMatch(/STORE_NOT_EMPTY[\s\S]*--store/);
    expect(await lms(['backup', '--store', 'dev'], 2)).toMatch(/a file or --folder/);
    expect(await lms(['backup', 'a.lmsbackup', '--keep-daily', '2', '--store', 'dev'], 2)).toMatch(/--folder/);
    expect(await lms(['backups', 'show', 'whole.lmsbackup'])).toMatch(
      /kind sqlite[\s\S]*checksum: sha256 [0-9a-f]{64}\n$/,
    );
    const bytes = await readFile(join(folder.path, 'whole.lmsbackup'));
    await writeFile(folder.file('cut.lmsbackup'), bytes.subarray(0, bytes.length - 100));
    const shown = await folder.lms(['backups', 'show', 'cut.lmsbackup']);
    expect(shown).toMatchObject({ exitCode: 3, stdout: expect.stringMatching(/checksum: WRONG/) });
    expect(await lms(['backups', 'verify', 'cut.lmsbackup'], 3)).toMatch(/chunk.*BACKUP_INVALID/);
    expect(await lms(['restore', 'lms.config.json', '--store', 'again'], 3)).toMatch(/no backup of LMS/);
  });
});
