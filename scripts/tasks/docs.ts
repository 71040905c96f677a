import { writeFileSync } from 'node:fs';
import { errorsPage } from '../docs/errors-page.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

// node scripts/run.mjs docs: makes the pages anew that are made from the code.
assertWorkspaceNode();
writeFileSync(inWorkspace('docs', 'errors.md'), errorsPage());
console.log('Wrote docs/errors.md.');
