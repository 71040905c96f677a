// node scripts/servers up | down | status | run COMMAND...: see scripts/README.md.
import process from 'node:process';
import { runWithWorkspaceNode } from '../bootstrap.mjs';

runWithWorkspaceNode('servers/main.ts', process.argv.slice(2));
