// npm run bench [-- NAME...] [--record] [--remark TEXT] [--rows N]: runs bench/NAME.bench.ts, or all of them, one after another,
// with the servers' addresses set. bench/NAME.long.bench.ts, which takes many minutes, runs only when it is named. `--record`
// appends what was measured to bench/RESULTS.md, with the remarks; `--rows` makes a measurement smaller that
// heeds it.
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
  options: {
    record: { type: 'boolean', default: false },
    remark: { type: 'string', multiple: true, default: [] },
    rows: { type: 'string' },
  },
});
const flags = [
  ...(values.record ? ['--record'] : []),
  ...values.remark.flatMap((remark) => ['--remark', remark]),
  ...(values.rows === undefined ? [] : ['--rows', values.rows]),
];
const files = readdirSync(inWorkspace('bench')).filter((file) => {
  const [, name, long] = /^(.+?)([.]long)?[.]bench[.]ts$/.exec(file) ?? [];
  return name !== undefined && (names.length === 0 ? long === undefined : names.includes(name));
});
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
