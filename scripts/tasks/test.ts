// npm test [-- --full]: every check and every test; the last line says how many passed and failed.
import process from 'node:process';
import { allGates } from '../gates/all-gates.ts';
import { runGates, type Tally } from '../gates/run-gates.ts';
import { runVitest } from '../run-vitest.ts';
import { type RunningServers, startServers } from '../servers/start-servers.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

const NO_SERVERS: Tally = { passed: 0, failed: 1 };

assertWorkspaceNode();
const isFull = process.argv.includes('--full') || process.env['LMS_TEST_FULL'] === '1';
console.log(`Node.js ${process.versions.node}, ${isFull ? 'full' : 'sampled'} run`);

/** The servers start while the gates run. */
const starting: Promise<RunningServers | Error> = startServers({ inMemory: true }).catch((error: unknown) =>
  error instanceof Error ? error : new Error(String(error)),
);
const gates = await runGates(allGates);
const tests = await testsWith(await starting);

const passed = gates.passed + tests.passed;
const failed = gates.failed + tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function testsWith(servers: RunningServers | Error): Promise<Tally> {
  if (servers instanceof Error) {
    console.log(`FAIL  servers: ${servers.message}`);
    return NO_SERVERS;
  }
  try {
    return await runVitest({
      ...servers.urls,
      // A full run leaves more than memory holds.
      ...(servers.testsFolder === null || isFull ? {} : { TMPDIR: servers.testsFolder }),
      // The gates have just built the command; started from its sources each of its tests would take seconds more.
      LMS_TEST_CLI: inWorkspace('packages', 'cli', 'dist', 'bin.js'),
      ...(isFull ? { LMS_TEST_FULL: '1' } : {}),
    });
  } finally {
    await servers.stop();
  }
}
