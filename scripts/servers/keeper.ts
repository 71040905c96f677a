// The process that holds the test servers of one run. It tells its owner their addresses in one line of JSON and stops them when
// it is told to or, with `--until-stdin-ends`, when its owner is gone, however that ended. With `--in-memory` their files are there.
import { join } from 'node:path';
import process from 'node:process';
import type { KeeperReport } from './keeper-report.ts';
import { mariadb } from './mariadb.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { redis } from './redis.ts';
import { createRunFolder, createTestsFolder, removeLeftoverRuns, removeRun } from './run-folder.ts';
import type { StartedServer, TestServer } from './server-process.ts';

const servers: readonly TestServer[] = [mongodb, mysql, mariadb, redis];

removeLeftoverRuns();
const folder = createRunFolder(process.argv.includes('--in-memory'));
let stopping = false;

function stop(exitCode: number): never {
  stopping = true;
  removeRun(folder);
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
process.stdout.on('error', () => undefined);
if (process.argv.includes('--until-stdin-ends'))
  process.stdin
    .resume()
    .once('end', () => stop(0))
    .once('error', () => stop(0));
else setInterval(() => undefined, 2 ** 30);

async function addressOf(server: TestServer): Promise<readonly [string, string]> {
  const given = process.env[server.variable];
  if (given !== undefined && given !== '') return [server.variable, given];
  try {
    const started = await server.start(join(folder, server.name.toLowerCase()));
    reportLoss(server, started);
    return [server.variable, started.url];
  } catch (error) {
    throw new Error(`${server.name} could not be started: ${error instanceof Error ? error.message : error}`);
  }
}

function reportLoss(server: TestServer, started: StartedServer): void {
  started.process.once('exit', (code, signal) => {
    if (!stopping) console.error(`${server.name} ended by itself with ${code ?? signal}.`);
  });
}

function report(content: KeeperReport): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(content)}\n`, () => resolve()));
}

try {
  const testsFolder = createTestsFolder(folder);
  await report({ kind: 'ready', urls: Object.fromEntries(await Promise.all(servers.map(addressOf))), testsFolder });
} catch (error) {
  await report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  stop(1);
}
