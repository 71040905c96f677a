import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inWorkspace } from '../workspace.ts';
import { isProcessAlive } from './processes.ts';
import { runFolders } from './run-folder.ts';
import type { ServersOptions } from './start-servers.ts';

/** An owner of servers, as a process of its own that can be killed. */
const OWNER = `
  const { startServers } = await import(process.argv[1]);
  const { urls, keeperPid } = await startServers(JSON.parse(process.argv[2]));
  console.log(JSON.stringify({ urls, keeperPid }));
  process.stdin.resume();
`;

interface Owner {
  readonly process: ChildProcess;
  readonly urls: Readonly<Record<string, string>>;
  readonly keeperPid: number;
  /** The ids of its mongod, mysqld, mariadbd and redis-server. */
  readonly serverPids: readonly number[];
}

const environment = { ...process.env, MONGO_URL: '', MYSQL_URL: '', MARIADB_URL: '', REDIS_URL: '' };
/** Of the servers, one is started. */
const unused = { MYSQL_URL: 'mysql://unused', MARIADB_URL: 'mysql://unused', REDIS_URL: 'redis://unused' };
const mongodbAlone = { ...environment, ...unused };

async function startOwner(options: ServersOptions, env: NodeJS.ProcessEnv = environment): Promise<Owner> {
  const file = inWorkspace('scripts/servers/start-servers.ts');
  const args = ['--input-type=module', '--eval', OWNER, file, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  const { urls, keeperPid }: Pick<Owner, 'urls' | 'keeperPid'> = JSON.parse(line);
  return { process: child, urls, keeperPid, serverPids: serversOf(keeperPid) };
}

function runFolderOf(keeperPid: number): string | undefined {
  return runFolders().find((folder) => {
    const file = join(folder, 'keeper.pid');
    return existsSync(file) && readFileSync(file, 'utf8') === String(keeperPid);
  });
}

function serversOf(keeperPid: number): readonly number[] {
  const folder = runFolderOf(keeperPid) ?? '';
  const files = ['mongodb.pid', 'mysql.pid', 'mariadb.pid', 'redis.pid']
    .map((name) => join(folder, name))
    .filter(existsSync);
  return files.map((file) => Number(readFileSync(file, 'utf8')));
}

async function untilDead(pids: readonly number[]): Promise<readonly number[]> {
  for (let waited = 0; waited < 10_000 && pids.some(isProcessAlive); waited += 50) await sleep(50);
  return pids.filter(isProcessAlive);
}

let owners: readonly [Owner, Owner];
beforeAll(async () => {
  owners = await Promise.all([startOwner({}), startOwner({ inMemory: true })]);
}, 120_000);
afterAll(() => {
  for (const { process: owner } of owners) owner.kill('SIGKILL');
});

test('two runs at once have servers of their own', () => {
  const urls = owners.flatMap((owner) => Object.values(owner.urls));
  expect(new Set(urls).size).toBe(8);
  expect(owners.flatMap(({ serverPids }) => serverPids).filter(isProcessAlive)).toHaveLength(8);
});

test('servers and their files go when their owner is killed', async () => {
  const [owner] = owners;
  owner.process.kill('SIGKILL');
  expect(await untilDead([...owner.serverPids, owner.keeperPid])).toEqual([]);
  expect(runFolderOf(owner.keeperPid)).toBeUndefined();
});

test('what a killed keeper left running is stopped and removed by the next start', async () => {
  const [, owner] = owners;
  process.kill(owner.keeperPid, 'SIGKILL');
  await untilDead([owner.keeperPid]);
  expect(owner.serverPids.filter(isProcessAlive)).toEqual(owner.serverPids);
  const next = await startOwner({}, mongodbAlone);
  try {
    expect(await untilDead(owner.serverPids)).toEqual([]);
    expect(runFolderOf(owner.keeperPid)).toBeUndefined();
  } finally {
    next.process.kill('SIGKILL');
    await untilDead(next.serverPids);
  }
}, 60_000);

test('a server that cannot be had is one clear line', async () => {
  const keeper = spawn(process.execPath, [inWorkspace('scripts/servers/main.ts'), 'run', 'true'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...mongodbAlone, MONGOMS_SYSTEM_BINARY: '/nowhere/mongod' },
  });
  let problems = '';
  keeper.stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString();
  });
  const code = await new Promise((resolve) => keeper.once('close', resolve));
  expect(code).toBe(1);
  expect(problems).toBe(
    'servers: MongoDB could not be started: MONGOMS_SYSTEM_BINARY names /nowhere/mongod, which does not exist\n',
  );
});
