// npm run bench [-- NAME...] [--record] [--remark TEXT]: runs bench/NAME.bench.ts, or all of them, one after another, with the
// servers' addresses set. `--record` appends what was measured to bench/RESULTS.md, with the remarks.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildPackages } from '../build-packages.ts';
import { startServers } from '../servers/start-servers.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

assertWorkspaceNode();
await buildPackages();
const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { record: { type: 'boolean', default: false }, remark: { type: 'string', multiple: true, default: [] } },
});
const flags = [...(values.record ? ['--record'] : []), ...values.remark.flatMap((remark) => ['--remark', remark])];
const files = readdirSync(inWorkspace('bench'))
  .filter((file) => /[.]bench[.]ts$/.test(file))
  .filter((file) => names.length === 0 || names.some((name) => file.startsWith(`${name}.bench.`)));
if (files.length === 0) throw new Error(`there is no measurement named ${names.join(', ')} in bench/`);
const servers = await startServers();
const environment = { ...process.env, ...servers.urls };
const results = files.map((file) => {
  console.log(`\n${file}`);
  return spawnSync(process.execPath, [inWorkspace('bench', file), ...flags], { stdio: 'inherit', env: environment })
    .status;
});
await servers.stop();
process.exitCode = results.every((status) => status === 0) ? 0 : 1;
