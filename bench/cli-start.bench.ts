// How long the command takes to answer: its help, its version, and a real command on an embedded store.
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProcessTiming, timeProcess } from './kit/process-timing.ts';
import { tell } from './kit/report.ts';
import { printMillis, printRatio } from './kit/table.ts';
import { inFreshFolder } from './kit/workplace.ts';

const mostMillisForHelp = 100;
const times = { warmUp: 3, counted: 30 };

/** What commander alone takes for the help of a program with one command. */
const helloWorld = `import { Command } from 'commander';
await new Command('hello').command('world').option('--name <name>', 'whom').parseAsync(process.argv);
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages', 'cli', 'dist', 'bin.js');

inFreshFolder((folder) => {
  const environment = { PATH: process.env['PATH'], HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  const run = (...args: readonly string[]): void => {
    spawnSync(process.execPath, [command, ...args], { cwd: folder, env: environment, stdio: 'ignore' });
  };
  run('init', '--no-input');
  run('schema', 'publish', join(root, 'examples', 'product-lines', 'personal-loan.yaml'));
  run('import', join(root, 'examples', 'data', 'leads.csv'), '--product', 'personal-loan', '--rejects', 'no.csv');
  const time = (...args: readonly string[]): ProcessTiming => timeProcess({ args, folder, environment }, times);
  const nothing = time('--eval', '0');
  const hello = time(helloFile(folder), '--help');
  const help = time(command, 'leads', 'list', '--help');
  const rows: readonly (readonly [string, ProcessTiming])[] = [
    ['lms leads list --help', help],
    ['lms --version', time(command, '--version')],
    ['lms leads list', time(command, 'leads', 'list')],
    ['lms schema list', time(command, 'schema', 'list')],
    ['peer: node --eval 0', nothing],
    ['peer: commander, one command, --help', hello],
  ];
  tell({
    name: 'cli-start',
    about:
      `A process of its own each time, ${times.counted} times, with the compiled code kept from the first. ` +
      'The peers are Node.js that does nothing, and commander with one command from its own files.',
    table: {
      headings: ['', 'median ms', 'fastest ms', 'CPU ms', 'ratio to node alone'],
      rows: rows.map(([name, { medianMillis, fastestMillis, cpuMillis }]) => [
        name,
        printMillis(medianMillis),
        printMillis(fastestMillis),
        printMillis(cpuMillis),
        printRatio(medianMillis / nothing.medianMillis),
      ]),
    },
    targets: [
      {
        asked: `--help within ${mostMillisForHelp} ms`,
        measured: `${printMillis(help.medianMillis)} ms`,
        met: help.medianMillis < mostMillisForHelp,
      },
    ],
  });
});

/** Beside commander as the command has it. */
function helloFile(folder: string): string {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(
    join(root, 'packages', 'cli', 'node_modules', 'commander'),
    join(folder, 'node_modules', 'commander'),
    'dir',
  );
  const file = join(folder, 'hello.mjs');
  writeFileSync(file, helloWorld);
  return file;
}
