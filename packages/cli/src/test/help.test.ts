import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';

let folder: LmsFolder;
beforeAll(async () => {
  folder = await LmsFolder.make();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('help', () => {
  it('is what lms alone prints, on stdout', async () => {
    const { exitCode, stdout, stderr } = await folder.lms([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const command of ['init', 'import', 'leads', 'board', 'stages', 'schema', 'users', 'report', 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
    expect(stdout).toContain('Exit codes: 0 done');
  });

  it('of a command names its options and the global ones', async () => {
    const { exitCode, stdout } = await folder.lms(['leads', 'list', '--help']);
    expect(exitCode).toBe(0);
    for (const option of ['--where', '--cursor', '--json', '--store', '--actor', '--no-input']) {
      expect(stdout).toContain(option);
    }
  });

  it('loads neither the core nor a driver, so that it is there at once', async () => {
    const spy = `import{registerHooks}from'node:module';registerHooks({resolve(s,c,n){console.error('loads',s);return n(s,c)}})`;
    const { stderr } = await folder.lms(['leads', 'list', '--help'], {
      environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(spy)}` },
    });
    // Built, libraries are inside: what is loaded then is tested where the command is packed.
    expect(stderr).toMatch(/^loads \S*\/main/m);
    const libraries = stderr.split('\n').flatMap((line) => /^loads ((?!node:|file:|\.)\S+)/.exec(line)?.[1] ?? []);
    expect(libraries.filter((name) => !/^(commander|picocolors)$/.test(name))).toEqual([]);
    expect(stderr).not.toContain('loads node:sqlite');
  });

  it('has groups, examples, and no word of what is called otherwise now', async () => {
    const { stdout } = await folder.lms(['leads', 'move', '--help']);
    expect(stdout).toMatch(/^Safety:\n {2}--dry-run/m);
    expect(stdout).toMatch(/^Examples:\n {2}# /m);
    expect(stdout).not.toMatch(/--check|--force/);
  });

  it('is found by lms help at any depth, alone with exit codes, environment and files', async () => {
    const byWord = await folder.lms(['help', 'leads', 'list']);
    expect(byWord).toEqual(await folder.lms(['leads', 'list', '--help']));
    const { exitCode, stdout } = await folder.lms(['help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Exit codes:\n {2}0 +done$/m);
    expect(stdout).toMatch(/^Environment:\n {2}LMS_CONFIG /m);
    expect(stdout).toMatch(/^Files:\n {2}lms\.config\.json /m);
  });

  it('prints the version', async () => {
    expect(await folder.lms(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});

describe('a mistyped command line exits 2, says what is wrong on stderr, and what to type', () => {
  it.each([
    [['bord'], /unknown command 'bord'[\s\S]*Did you mean board/, 'lms --help'],
    [['help', 'leads', 'shwo'], /unknown command 'shwo'[\s\S]*Did you mean show/, 'lms leads --help'],
    [['leads', 'shwo', 'x'], /unknown command 'shwo'/, 'lms leads --help'],
    [['board'], /required option '--product <line>'/, 'lms board --help'],
    [['leads', 'list', '--lmit', '3'], /unknown option '--lmit'[\s\S]*Did you mean --limit/, 'lms leads list --help'],
    [['leads', 'list', '--limit', '9999'], /Expected a whole number from 1 to 200/, 'lms leads list --help'],
    [['leads', 'show'], /missing required argument 'lead'/, 'lms leads show --help'],
  ])('lms %j', async (words, message, next) => {
    const { exitCode, stdout, stderr } = await folder.lms(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`next: ${next}`);
  });

  it('as JSON with --json', async () => {
    const { exitCode, stderr } = await folder.lms(['board', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'USAGE_INVALID', category: 'input' } });
  });

  it('a group without a command prints its help', async () => {
    const { exitCode, stderr } = await folder.lms(['leads']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Usage: lms leads');
  });
});
