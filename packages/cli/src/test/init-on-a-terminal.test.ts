import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';
import { key, Terminal } from './terminal.js';

const configurationOf = async (folder: LmsFolder) => JSON.parse(await readFile(folder.file('lms.config.json'), 'utf8'));
const files = async (folder: LmsFolder): Promise<readonly string[]> =>
  (await readdir(folder.path)).filter((name) => !name.startsWith('.')).sort();

describe('lms init on a terminal', { timeout: 120_000 }, () => {
  it('asks where, in which zone and with which product line, and makes all of it', async () => {
    await using folder = await LmsFolder.make();
    await using terminal = new Terminal(folder, ['init']);
    await terminal.shows('Where are the leads to be kept?');
    await terminal.shows('In MongoDB and MySQL');
    terminal.type(key.enter);
    await terminal.shows('In which time zone does the business work?');
    await terminal.shows('Asia/Kolkata');
    terminal.type('dubai');
    await terminal.shows('❯ Asia/Dubai');
    terminal.type(key.enter);
    await terminal.shows('Which product line to begin with?');
    await terminal.shows('Demat account');
    terminal.type(key.down, key.enter);
    await terminal.shows('Store "dev" is ready');
    await terminal.shows('as "personal-loan"');
    await terminal.shows('Next: lms import FILE --product personal-loan --dry-run');
    expect(await terminal.ends()).toBe(0);
    expect(await configurationOf(folder)).toMatchObject({ defaultStore: 'dev', businessTimeZone: 'Asia/Dubai' });
    const shown = await folder.lms(['schema', 'lint', 'product-lines/personal-loan.yaml']);
    expect(shown).toMatchObject({ exitCode: 0 });
    expect(await readFile(folder.file('product-lines/personal-loan.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/product-line\.schema\.json\nslug: personal-loan\n/,
    );
    await using again = new Terminal(folder, ['init']);
    await again.shows('It has users already');
    expect(await again.ends()).toBe(0);
  });

  it('names variables that are not set, and leaves nothing behind when Ctrl-C ends it', async () => {
    await using folder = await LmsFolder.make();
    await using terminal = new Terminal(folder, ['init']);
    await terminal.shows('In MongoDB and MySQL');
    terminal.type(key.down, key.enter);
    await terminal.shows('Which environment variable holds the URL of MongoDB?');
    terminal.type(key.enter);
    await terminal.shows('MONGO_URL is not set');
    terminal.type(key.interrupt);
    await terminal.shows('nothing was changed');
    expect(await terminal.ends()).toBe(130);
    expect(await files(folder)).toEqual([]);
  });

  it.each([
    ['with --yes', ['--yes'], {}],
    ['on a build server', [], { CI: 'true' }],
    ['with --no-input', ['--no-input'], {}],
  ])('asks nothing %s', async (_when, words, environment) => {
    await using folder = await LmsFolder.make();
    await using terminal = new Terminal(folder, ['init', ...words], environment);
    await terminal.shows('Store "dev" is ready');
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen).not.toContain('?');
    expect(await configurationOf(folder)).toMatchObject({ defaultStore: 'dev', businessTimeZone: 'Asia/Kolkata' });
    expect(await files(folder)).not.toContain('product-lines');
  });
});

describe('lms init by flags', { timeout: 120_000 }, () => {
  it('takes every answer from them', async () => {
    await using folder = await LmsFolder.make({ DOCUMENTS: 'mongodb://127.0.0.1:1/x' });
    const words = ['init', '--kind', 'servers', '--mongo-env', 'DOCUMENTS', '--mysql-env', 'LEDGER'];
    const outcome = await folder.lms([...words, '--time-zone', 'Asia/Colombo']);
    expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('LEDGER is not set') });
    expect(await configurationOf(folder)).toMatchObject({
      defaultStore: 'prod',
      stores: { prod: { mongo: { env: 'DOCUMENTS' }, mysql: { env: 'LEDGER' } } },
      businessTimeZone: 'Asia/Colombo',
    });
    const changed = await folder.lms(['init', '--time-zone', 'Asia/Kolkata']);
    expect(changed).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/is there already.*--time-zone/) });
  });

  it('publishes a template once, and keeps what was made of it', async () => {
    await using folder = await LmsFolder.make();
    const first = await folder.lms(['init', '--template', 'demat', '--json']);
    expect(JSON.parse(first.stdout)).toMatchObject({ firstAdmin: true, productLine: 'demat' });
    const again = await folder.lms(['init', '--template', 'demat']);
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('has a product line "demat" already') });
    const { stdout } = await folder.lms(['schema', 'list', '--json']);
    expect(JSON.parse(stdout).items).toMatchObject([{ slug: 'demat', revision: 1 }]);
  });

  it.each([
    [['--kind', 'cloud'], /--kind is file, mysql, servers, not "cloud"/],
    [['--time-zone', 'Asia/Bombay'], /There is no time zone "Asia\/Bombay"/],
    [['--template', 'gold-loan'], /--template is personal-loan, insurance, demat, none/],
    [['--mongo-env', 'A B'], /cannot be the name of an environment variable/],
  ])('refuses %j and makes nothing', async (words, message) => {
    await using folder = await LmsFolder.make();
    const outcome = await folder.lms(['init', ...words]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect(await files(folder)).toEqual([]);
  });
});
