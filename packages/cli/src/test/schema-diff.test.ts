import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { exampleFile, fileStore, withPersonalLoan } from './stores.js';

describe('lms schema diff', { timeout: 120_000 }, () => {
  let folder: LmsFolder;
  let original: string;
  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
    original = await readFile(exampleFile('product-lines/personal-loan.yaml'), 'utf8');
    await writeFile(folder.file('changed.yaml'), changed());
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  /** The example with another bound, another option and one field more. */
  const changed = (): string =>
    original
      .replace('label: Salaried,', 'label: Employed,')
      .replace(/(key: loanAmount[\s\S]*?max: )"[^"]*"/, '$1"75 lakh"')
      .replace(
        '  # Contact\n',
        '  - { key: nickname, label: Nickname, type: text, section: Applicant }\n\n  # Contact\n',
      );
  const diff = (...words: readonly string[]) => folder.lms(['schema', 'diff', 'personal-loan', ...words]);

  it('tells what a file would change, with line and column', async () => {
    const { exitCode, stdout, stderr } = await diff('--to', 'changed.yaml');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('personal-loan: published (fields 1, pipeline 1) -> changed.yaml\n');
    expect(stdout).toMatch(/\+ field Nickname \(nickname\): new, text, in section Applicant \(line \d+, column \d+\)/);
    const line =
      changed()
        .split('\n')
        .findIndex((text) => text.includes('label: Employed,')) + 1;
    expect(stdout).toContain('~ field Employment (employmentType)\n');
    expect(stdout).toContain(
      `    ~ option Employed (salaried): renamed "Salaried" -> "Employed" (line ${line}, column `,
    );
    expect(stdout).toMatch(/maximum: .+ -> 75 lakh \(line/);
    expect(stdout).not.toContain('\u001B');
  });

  it('as JSON has the path of every change', async () => {
    const { stdout } = await diff('--to', 'changed.yaml', '--json');
    const { changes } = JSON.parse(stdout);
    expect(changes).toHaveLength(3);
    expect(changes).toContainEqual(
      expect.objectContaining({
        kind: 'changed',
        aspect: 'maximum',
        after: '75 lakh',
        path: expect.stringMatching(/^fields\[\d+\]\.validation\.max$/),
      }),
    );
    expect(JSON.parse((await diff('--to', 'published', '--json')).stdout).changes).toEqual([]);
  });

  it('in colour where it is wanted', async () => {
    const { stdout } = await folder.lms(['schema', 'diff', 'personal-loan', '--to', 'changed.yaml'], {
      environment: { FORCE_COLOR: '1' },
    });
    expect(stdout).toContain('\u001B[32m+ field Nickname');
  });

  it('compares versions of either part, the last publish when nothing is said', async () => {
    expect((await diff()).stdout).toContain('nothing -> fields 1, pipeline 1');
    await folder.lms(['schema', 'publish', 'changed.yaml']);
    const last = await diff();
    expect(last.stdout).toContain('fields 1, pipeline 1 -> fields 2, pipeline 1\n');
    expect(last.stdout).toContain('+ field Nickname (nickname)');
    await folder.lms(['stages', 'update', 'contacted', '--product', 'personal-loan', '--name', 'Spoken to']);
    expect((await diff()).stdout).toBe(
      'personal-loan: fields 2, pipeline 1 -> fields 2, pipeline 2\n~ stage Spoken to (contacted)\n    ~ renamed "Contacted" -> "Spoken to"\n',
    );
    expect((await diff('--from', '1', '--to', '2')).stdout).toBe(last.stdout);
    expect((await diff('--from', '2')).stdout).toContain('fields 2, pipeline 1 -> published (fields 2, pipeline 2)');
  });

  it.each([
    [['--to', '9'], 3, /no version 9[\s\S]*next: /],
    [['--to', 'draft'], 3, /There is no draft of "personal-loan"/],
    [['--to', 'none.yaml'], 3, /none\.yaml cannot be read/],
    [['--to', exampleFile('product-lines/demat.yaml')], 2, /defines "demat", not "personal-loan"/],
  ])('refuses %j', async (words, exitCode, message) => {
    expect(await diff(...words)).toEqual({ exitCode, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('refuses an unknown line, and a file that is no definition, with its places', async () => {
    expect(await folder.lms(['schema', 'diff', 'personal-lone'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('did you mean "personal-loan"?'),
    });
    await writeFile(folder.file('bad.yaml'), original.replace('type: date\n', 'type: dat\n'));
    expect(await diff('--to', 'bad.yaml')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/bad\.yaml is refused[\s\S]*type: .* \(line \d+, column \d+\)/),
    });
  });
});
