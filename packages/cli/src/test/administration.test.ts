import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { applicant, exampleFile, storeShapes, withPersonalLoan } from './stores.js';

describe.each(storeShapes)('administration on $name', { timeout: 120_000 }, (shape) => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(shape);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const json = async (words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await folder.lms([...words, '--json']);
    expect({ exitCode, stderr }, words.join(' ')).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const product = ['--product', 'personal-loan'];

  it('adds, changes, retires and restores a stage, each a new version of the pipeline', async () => {
    const added = await json([
      'stages',
      'add',
      'callback',
      ...product,
      '--name',
      'Call back',
      '--from',
      'new',
      '--next',
      'contacted',
      '--before',
      'contacted',
    ]);
    expect(added.version).toBe(2);
    const slugs = added.stages.map((stage: { slug: string }) => stage.slug);
    expect(slugs.indexOf('callback')).toBe(slugs.indexOf('contacted') - 1);
    const renamed = await json([
      'stages',
      'update',
      'callback',
      ...product,
      '--name',
      'Ring again',
      '--colour',
      '#0ea5e9',
    ]);
    expect(renamed.stages).toContainEqual(expect.objectContaining({ slug: 'callback', name: 'Ring again' }));

    const { number } = await json(['leads', 'create', ...product, ...applicant()]);
    await json(['tasks', 'complete', number, 'first-call', '--set', 'outcome=connected']);
    await json(['leads', 'move', number, '--to', 'callback']);
    const inUse = await folder.lms(['stages', 'retire', 'callback', ...product, '--force']);
    expect(inUse).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/STAGE_IN_USE[\s\S]*--move-to STAGE/) });
    const unasked = await folder.lms([
      'stages',
      'retire',
      'callback',
      ...product,
      '--move-to',
      'contacted',
      '--no-input',
    ]);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') });
    const retired = await json(['stages', 'retire', 'callback', ...product, '--move-to', 'contacted', '--yes']);
    expect(retired.moved).toBe(1);
    expect(await json(['leads', 'show', number])).toMatchObject({ stage: 'contacted' });

    const restored = await json(['stages', 'restore', 'callback', ...product, '--from', 'new, contacted']);
    const leadingThere = restored.stages.filter((stage: { next: string[] }) => stage.next.includes('callback'));
    expect(leadingThere.map((stage: { slug: string }) => stage.slug)).toEqual(['new', 'contacted']);
    expect(restored.stages).toContainEqual(expect.objectContaining({ slug: 'callback', active: true }));
    const unknown = await folder.lms(['stages', 'restore', 'nowhere', ...product, '--from', 'new']);
    expect(unknown).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('STAGE_NOT_FOUND') });
  });

  it('puts stages in another order', async () => {
    const before: string[] = (await json(['stages', 'list', ...product])).stages.flatMap(
      (stage: { slug: string; active: boolean }) => (stage.active ? [stage.slug] : []),
    );
    const wanted = [...before.slice(0, 1), ...before.slice(1).toReversed()];
    const { stages } = await json(['stages', 'reorder', ...wanted, ...product]);
    expect(stages.map((stage: { slug: string }) => stage.slug).slice(0, wanted.length)).toEqual(wanted);
  });

  it('adds, changes, locks out and lets in users', async () => {
    expect(
      await json(['users', 'add', 'ravi', '--name', 'Ravi Kumar', '--role', 'agent', '--team', 'west']),
    ).toMatchObject({
      version: 1,
      teams: ['west'],
    });
    expect(await json(['users', 'update', 'ravi', '--role', 'manager', '--team', ''])).toMatchObject({
      roles: ['manager'],
      teams: [],
    });
    const stale = await folder.lms(['users', 'update', 'ravi', '--name', 'R', '--expected-version', '1']);
    expect(stale).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('USER_VERSION_STALE') });
    await json(['users', 'deactivate', 'ravi']);
    expect(await folder.lms(['leads', 'list', '--actor', 'ravi'])).toMatchObject({ exitCode: 6, stdout: '' });
    await json(['users', 'activate', 'ravi']);
    expect(await folder.lms(['leads', 'list', '--actor', 'ravi'])).toMatchObject({ exitCode: 0 });
    const unknown = await folder.lms(['users', 'add', 'x', '--name', 'X', '--role', 'king']);
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('admin, manager, agent, partner, auditor'),
    });
  });

  it('shows a line, gives its definition back as a file that changes nothing, and writes its types', async () => {
    const shown = await folder.lms(['schema', 'show', 'personal-loan']);
    expect(shown.stdout).toMatch(/mobile +Mobile number +phone +yes +Contact/);
    const definition = await folder.lms(['schema', 'show', 'personal-loan', '--definition']);
    const again = await folder.lms(['schema', 'publish', '-'], { stdin: definition.stdout });
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('personal-loan: unchanged') });
    expect(await folder.lms(['schema', 'lint', exampleFile('product-lines/demat.yaml')])).toMatchObject({
      exitCode: 0,
    });
    expect(await folder.lms(['schema', 'types', '--output', 'lines.ts'])).toMatchObject({ exitCode: 0 });
    expect(await readFile(folder.file('lines.ts'), 'utf8')).toMatch(/interface Lines[\s\S]*personal-loan/);
  });

  it('is found healthy by doctor', async () => {
    const { ok, findings } = await json(['doctor']);
    expect(ok).toBe(true);
    expect(findings.map((finding: { name: string }) => finding.name)).toEqual(
      expect.arrayContaining(['configuration', 'store', 'read models', 'owners on leads']),
    );
  });

  it('writes boards and owners anew, and tries stuck events again, when an admin says so', async () => {
    await json(['leads', 'create', ...product, ...applicant({ mobile: '98200 54321' })]);
    const { columns } = await json(['board', ...product]);
    const shown = columns.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    const rebuilt = await json(['storage', 'rebuild-facts', ...product]);
    expect(rebuilt).toMatchObject({ removed: 0, owners: 0, finished: true });
    expect(rebuilt.rebuilt).toBeGreaterThanOrEqual(shown);
    expect(await json(['storage', 'rebuild-facts', '--after', rebuilt.after])).toMatchObject({ rebuilt: 0 });
    expect(await folder.lms(['storage', 'rebuild-facts', '--product', 'no-such-line'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('LINE_NOT_FOUND'),
    });
    const again = await folder.lms(['tick', '--retry-stuck']);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 stuck events tried again') });
  });
});
