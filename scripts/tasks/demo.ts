import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { buildPackages } from '../build-packages.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

assertWorkspaceNode();
await buildPackages();
const demo = [inWorkspace('examples', 'demo.mjs'), ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, demo, { stdio: 'inherit' }).status ?? 1;
