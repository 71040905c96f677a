import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';
import { commandLineOf, isProcessAlive } from './processes.ts';
import { startServers, startServersInBackground } from './start-servers.ts';

const addressFile = inWorkspace('.servers.env');
const logFile = inWorkspace('.servers.log');
const KEEPER_LINE = /^# keeper (\d+)$/m;

const usage = `node scripts/servers up             start the servers in the background, addresses in .servers.env
node scripts/servers down           stop them
node scripts/servers status         say whether they run
node scripts/servers run COMMAND... start servers, run a command with their addresses, stop them`;

/** The keeper that .servers.env names, where it still runs. */
function runningKeeper(): number | undefined {
  if (!existsSync(addressFile)) return undefined;
  const pid = Number(KEEPER_LINE.exec(readFileSync(addressFile, 'utf8'))?.[1]);
  return isProcessAlive(pid) && commandLineOf(pid).includes('keeper.ts') ? pid : undefined;
}

async function up(): Promise<void> {
  if (runningKeeper() === undefined) {
    const { urls, keeperPid } = await startServersInBackground(logFile);
    const lines = Object.entries(urls).map(([name, url]) => `export ${name}='${url}'`);
    writeFileSync(addressFile, `${[...lines, `# keeper ${keeperPid}`].join('\n')}\n`);
  }
  process.stdout.write(readFileSync(addressFile, 'utf8'));
}

async function down(): Promise<void> {
  const keeper = runningKeeper();
  if (keeper !== undefined) process.kill(keeper, 'SIGTERM');
  while (keeper !== undefined && isProcessAlive(keeper)) await sleep(50);
  rmSync(addressFile, { force: true });
  rmSync(logFile, { force: true });
}

function status(): void {
  const keeper = runningKeeper();
  console.log(keeper === undefined ? 'no servers run' : readFileSync(addressFile, 'utf8').trimEnd());
  process.exitCode = keeper === undefined ? 1 : 0;
}

async function run([program, ...args]: readonly string[]): Promise<void> {
  if (program === undefined) throw new Error('run needs a command');
  const servers = await startServers();
  const { status: code } = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...servers.urls } });
  await servers.stop();
  process.exitCode = code ?? 1;
}

try {
  assertWorkspaceNode();
  const [command, ...args] = process.argv.slice(2);
  if (command === 'up') await up();
  else if (command === 'down') await down();
  else if (command === 'status') status();
  else if (command === 'run') await run(args);
  else throw new Error(`there is no command "${command ?? ''}":\n${usage}`);
} catch (error) {
  console.error(`servers: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
