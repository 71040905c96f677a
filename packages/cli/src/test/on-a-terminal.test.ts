import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, textWidth } from '../output/index.js';
import { type LmsFolder, lmsCommand } from './lms-process.js';
import { applicant, storeShapes, withPersonalLoan } from './stores.js';
import { Terminal } from './terminal.js';

const [sqlite] = storeShapes;
let folder: LmsFolder;
let number: string;
beforeAll(async () => {
  if (sqlite === undefined) throw new Error('no shape');
  folder = await withPersonalLoan(sqlite);
  const names = ['आशा राव', 'Ravi Kumar Subramaniam Venkataraghavan', '👩‍💼 Meera', '日本太郎'];
  for (const [index, fullName] of names.entries()) {
    const { exitCode, stderr } = await folder.lms([
      ...['leads', 'create', '--product', 'personal-loan'],
      ...applicant({ fullName, mobile: `982000000${index}` }),
    ]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }
  const note =
    'Wants to be called after six, when the shop is closed; speaks हिन्दी and English, and asks for the lowest rate';
  const { stdout } = await folder.lms(['leads', 'list', '--json']);
  number = JSON.parse(stdout).items[0].number;
  await folder.lms(['leads', 'note', number, note]);
}, 120_000);
afterAll(() => folder[Symbol.asyncDispose]());

async function shown(
  words: readonly string[],
  { environment = {}, columns = 80 }: { environment?: Record<string, string>; columns?: number } = {},
): Promise<Terminal> {
  await using terminal = new Terminal(folder, words, environment, columns);
  await terminal.ends();
  return terminal;
}

const escapeCode = '\u001B[';

describe('on a terminal', { timeout: 180_000 }, () => {
  const commands = () => [
    ['leads', 'show', number],
    ['leads', 'list'],
    ['board', '--product', 'personal-loan'],
    ['report', 'funnel', '--product', 'personal-loan'],
    ['stages', 'list', '--product', 'personal-loan'],
    ['schema', 'show', 'personal-loan'],
  ];

  it.each([40, 80, 120, 200])('of %i columns, no line of an answer is wider', async (columns) => {
    for (const words of commands()) {
      const { screen } = await shown([...words, '--quiet'], { columns });
      expect(screen).not.toBe('');
      for (const line of screen.split('\n')) expect(textWidth(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it('shows names of any script, and cuts what is too long', async () => {
    const { screen } = await shown(['leads', 'list']);
    expect(screen).toMatch(/आशा राव +new/);
    expect(screen).toMatch(/Ravi Kumar[^…\n]*…/);
    expect(screen).toContain('Too narrow for: ');
  });

  it('has colours, unless NO_COLOR, TERM=dumb or --no-color say otherwise', async () => {
    const board = ['board', '--product', 'personal-loan'];
    expect((await shown(board)).raw).toContain(`${escapeCode}38;5;`);
    expect((await shown(board, { environment: { COLORTERM: 'truecolor' } })).raw).toContain(`${escapeCode}38;2;`);
    expect((await shown(board, { environment: { NO_COLOR: '1' } })).raw).not.toContain(escapeCode);
    expect((await shown(board, { environment: { TERM: 'dumb' } })).raw).not.toContain(escapeCode);
    expect((await shown([...board, '--no-color'])).raw).not.toContain(escapeCode);
    expect((await shown(['leads', '--help'])).raw).toContain(`${escapeCode}1mOptions:`);
    expect((await shown(['leads', '--help', '--no-color'])).raw).not.toContain(escapeCode);
  });
});

describe('in a pipe', { timeout: 120_000 }, () => {
  it('is plain and whole, whatever the terminal is', async () => {
    const { stdout } = await folder.lms(['leads', 'list'], { environment: { COLUMNS: '40', TERM: 'xterm-256color' } });
    expect(stdout).not.toContain(escapeCode);
    expect(stdout).toContain('Ravi Kumar Subramaniam Venkataraghavan');
    expect(stdout).not.toContain('Too narrow');
  });

  it('is coloured where FORCE_COLOR or --color ask for it', async () => {
    const board = ['board', '--product', 'personal-loan'];
    expect((await folder.lms(board, { environment: { FORCE_COLOR: '3' } })).stdout).toContain(`${escapeCode}38;2;`);
    expect((await folder.lms(board, { environment: { FORCE_COLOR: '0' } })).stdout).not.toContain(escapeCode);
    expect((await folder.lms([...board, '--color'])).stdout).toContain(escapeCode);
    expect((await folder.lms([...board, '--color'], { environment: { NO_COLOR: '1' } })).stdout).toContain(escapeCode);
  });

  /** What bash says of a line in which LMS stands for the command: exit codes of all parts, and the error output. */
  const inBash = (line: string): Promise<{ stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const script = line.replaceAll('LMS', commandLine([process.execPath, ...lmsCommand()]));
      const options = { cwd: folder.path, env: folder.environment };
      execFile('bash', ['-c', `${script}; echo "exits \${PIPESTATUS[*]}"`], options, (_, stdout, stderr) =>
        resolve({ stdout, stderr }),
      );
    });

  it('ends quietly where nobody reads on', async () => {
    expect(await inBash('LMS help | head -1')).toEqual({ stdout: expect.stringMatching(/exits 0 0\n$/), stderr: '' });
    const closed = await inBash('LMS leads list --json --limit 200 | true');
    expect(closed).toEqual({ stdout: 'exits 0 0\n', stderr: '' });
    expect((await inBash('LMS leads list --product nowhere 2>&1 | true')).stdout).toMatch(/^exits \d+ 0\n$/);
  });

  it('says where the answer cannot be written', async () => {
    const full = await inBash('LMS users list > /dev/full');
    expect(full.stdout).toBe('exits 7\n');
    expect(full.stderr).toMatch(/error: the answer cannot be written: .*ENOSPC/);
  });
});

describe('lms import -', { timeout: 120_000 }, () => {
  const environment = (): Record<string, string> => ({ TMPDIR: folder.file('tmp') });
  beforeAll(() => mkdir(folder.file('tmp')));
  const csv =
    'Customer Name,Mobile No.,DOB,Employment Type,Monthly Income,Loan Amt\nZoya Khan,98111 00001,15/08/1990,Salaried,"75,000",5 lakh\n';

  it('takes what is piped in, under the name of standard input, and leaves no copy', async () => {
    const { exitCode, stdout } = await folder.lms(['import', '-', '--product', 'personal-loan', '--json'], {
      environment: environment(),
      stdin: `${csv}Bad Row,123,15/08/1990,Salaried,"75,000",5 lakh\n`,
    });
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      fileName: '(standard input)',
      counts: { rows: 2, created: 1, rejected: 1 },
      rejectFile: expect.stringMatching(/standard-input\.rejects\.csv$/),
    });
    expect(await readdir(folder.file('tmp'))).toEqual([]);
    expect(await readdir(folder.path)).toContain('standard-input.rejects.csv');
  });

  it('says what is wrong with it', async () => {
    const { exitCode, stderr } = await folder.lms(['import', '-', '--product', 'personal-loan'], {
      environment: environment(),
      stdin: '',
    });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('(IMPORT_') });
    expect(await readdir(folder.file('tmp'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no copy behind when %s ends it', async (signal) => {
    const child = spawn(process.execPath, [...lmsCommand(), 'import', '-', '--product', 'personal-loan'], {
      cwd: folder.path,
      env: { ...folder.environment, ...environment() },
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stdin.write(csv);
    const copies = (): Promise<string[]> => readdir(folder.file('tmp'));
    await expect.poll(copies, { timeout: 30_000 }).toEqual([expect.stringContaining('lms-input-')]);
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(await copies()).toEqual([]);
  });
});

it('lms tick does what waits, and says how much it was', async () => {
  await writeFile(folder.file('note.txt'), '');
  const { exitCode, stdout } = await folder.lms(['tick', '--json']);
  expect({ exitCode, done: JSON.parse(stdout) }).toEqual({
    exitCode: 0,
    done: {
      ...{ retried: 0, projected: 0, failed: 0, trimmed: 0, timers: 0, failedTimers: 0, jobs: 0, failedJobs: 0 },
      ...{ recounted: 0, webhooks: 0, failedWebhooks: 0, events: 0, failedEvents: 0 },
      sealed: expect.any(Number),
    },
  });
});
