import { buildPackages } from '../build-packages.ts';
import { assertWorkspaceNode } from '../workspace.ts';

assertWorkspaceNode();
await buildPackages();
