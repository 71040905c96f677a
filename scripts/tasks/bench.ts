// npm run bench [-- NAME...]: runs bench/NAME.bench.ts, or all of them, one after another, with the servers' addresses set.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { buildPackages } from '../build-packages.ts';
import { startServers } from '../servers/start-servers.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

assertWorkspaceNode();
await buildPackages();
const names = process.argv.slice(2);
const files = readdirSync(inWorkspace('bench'))
  .filter((file) => /[.]bench[.](ts|mjs)$/.test(file))
  .filter((file) => names.length === 0 || names.some((name) => file.startsWith(`${name}.bench.`)));
if (files.length === 0) throw new Error(`there is no measurement named ${names.join(', ')} in bench/`);
const servers = await startServers();
const environment = { ...process.env, ...servers.urls };
const results = files.map((file) => {
  console.log(`\n${file}`);
  return spawnSync(process.execPath, [inWorkspace('bench', file)], { stdio: 'inherit', env: environment }).status;
});
await servers.stop();
process.exitCode = results.every((status) => status === 0) ? 0 : 1;
