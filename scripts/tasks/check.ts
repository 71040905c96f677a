import process from 'node:process';
import { allGates } from '../gates/all-gates.ts';
import { runGates } from '../gates/run-gates.ts';
import { assertWorkspaceNode } from '../workspace.ts';

assertWorkspaceNode();
const { failed } = await runGates(allGates);
process.exitCode = failed === 0 ? 0 : 1;
