import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore, withPersonalLoan } from './stores.js';
import { key, Terminal } from './terminal.js';

describe('lms schema edit on a terminal', { timeout: 180_000 }, () => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const edit = (editor: string, ...words: readonly string[]): Terminal =>
    new Terminal(folder, ['schema', 'edit', 'personal-loan', ...words], { EDITOR: editor, TMPDIR: folder.path });
  /** An editor that changes the text and goes. */
  const replacing = (text: string, by: string): string => `sed -i 's/${text}/${by}/'`;
  const line = async (): Promise<string> =>
    (await folder.lms(['schema', 'show', 'personal-loan', '--definition'])).stdout;
  const leftOver = async (): Promise<readonly string[]> =>
    (await readdir(folder.path)).filter((name) => name.startsWith('lms-edit-'));

  it('shows what would change, publishes it, and leaves no file behind', async () => {
    await using terminal = edit(replacing('label: Salaried', 'label: Employed'));
    await terminal.shows('This would change:');
    await terminal.shows('option Employed (salaried): renamed "Salaried" -> "Employed"');
    await terminal.shows('What now?');
    await terminal.shows('Publish it');
    terminal.type(key.enter);
    await terminal.shows('personal-loan: published (fields 2, pipeline 1)');
    expect(await terminal.ends()).toBe(0);
    expect(await line()).toContain('label: Employed');
    expect(await leftOver()).toEqual([]);
  });

  it('opens a private file with comments and the JSON Schema beside it', async () => {
    const look = 'cp "$1" opened.yaml && ls -l "$1" "$(dirname "$1")" > files.txt #';
    await using terminal = edit(`sh -c '${look}' sh`);
    await terminal.shows('Nothing was changed.');
    expect(await terminal.ends()).toBe(0);
    expect(await readFile(folder.file('opened.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/product-line\.schema\.json\n[\s\S]*# Keys never change/,
    );
    expect(await readFile(folder.file('files.txt'), 'utf8')).toMatch(/^-rw------- [\s\S]* product-line\.schema\.json/);
  });

  it('names every mistake with line and column, and lets it be corrected', async () => {
    const toggling = `sed -i -e 's/type: dat$/type: date/;t' -e 's/type: date$/type: dat/'`;
    await using terminal = edit(toggling);
    await terminal.shows('It cannot be published:');
    await terminal.shows(/fields\[1\]\.type: expected one of .*\(line \d+, column \d+\)/);
    await terminal.shows('Edit again');
    terminal.type(key.enter);
    await terminal.shows('Nothing was changed.');
    expect(await terminal.ends()).toBe(0);
  });

  it('saves what cannot be published yet as the draft, and goes on with it', async () => {
    await using first = edit(`sed -i 's/name: fullName/name: nobody/;s/^name: .*/name: Personal loans/'`);
    await first.shows('It cannot be published:');
    await first.shows('Save it as the draft');
    first.type(key.down, key.enter);
    await first.shows('personal-loan: saved as the draft');
    expect(await first.ends()).toBe(0);
    await using second = edit(replacing('name: nobody', 'name: fullName'));
    await second.shows('Opened the draft that');
    await second.shows('renamed "Personal loan" -> "Personal loans"');
    await second.shows('What now?');
    second.type(key.enter);
    await second.shows('personal-loan: published');
    expect(await second.ends()).toBe(0);
    expect(await folder.lms(['schema', 'diff', 'personal-loan', '--to', 'draft'])).toMatchObject({ exitCode: 3 });
  });

  it('publishes nothing over what somebody published meanwhile, shows that, and keeps the text', async () => {
    await writeFile(folder.file('theirs.yaml'), (await line()).replace('label: Full name', 'label: Name in full'));
    await using terminal = edit(replacing('label: Mobile number', 'label: Mobile'));
    await terminal.shows('What now?');
    expect(await folder.lms(['schema', 'publish', 'theirs.yaml'])).toMatchObject({ exitCode: 0 });
    terminal.type(key.enter);
    await terminal.shows('Meanwhile somebody else published:');
    await terminal.shows('renamed "Full name" -> "Name in full"');
    await terminal.shows(/Your text is kept in .*personal-loan-edited\.yaml/);
    await terminal.shows('DEFINITION_CONFLICT');
    expect(await terminal.ends()).toBe(5);
    expect(await line()).toContain('label: Mobile number');
    expect(await readFile(folder.file('personal-loan-edited.yaml'), 'utf8')).toContain('label: Mobile\n');
    expect((await stat(folder.file('personal-loan-edited.yaml'))).mode & 0o777).toBe(0o600);
  });

  it('keeps the text when Ctrl-C ends it, and when the editor says that it failed', async () => {
    await using stopped = edit(replacing('label: Mobile number', 'label: Mobile two'));
    await stopped.shows('What now?');
    stopped.type(key.interrupt);
    await stopped.shows(/Your text is kept in .*personal-loan-edited-2\.yaml/);
    expect(await stopped.ends()).toBe(130);
    await using failed = edit(`sh -c 'echo "# mine" >> "$0"; exit 3'`);
    await failed.shows(/Your text is kept in .*personal-loan-edited-3\.yaml/);
    await failed.shows('ended with exit code 3; nothing was changed');
    expect(await failed.ends()).toBe(130);
    expect(await readFile(folder.file('personal-loan-edited-3.yaml'), 'utf8')).toMatch(/# mine\n$/);
  });

  it('says which editor cannot be started, and needs a terminal', async () => {
    await using missing = edit('no-such-editor --wait');
    await missing.shows('The editor "no-such-editor --wait" cannot be started; name another one in VISUAL or EDITOR');
    expect(await missing.ends()).toBe(2);
    expect(await folder.lms(['schema', 'edit', 'personal-loan'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/needs a terminal; elsewhere: .*lms schema publish FILE/),
    });
    await using unknown = new Terminal(folder, ['schema', 'edit', 'personal-lone']);
    await unknown.shows('did you mean "personal-loan"?');
    expect(await unknown.ends()).toBe(3);
  });
});
