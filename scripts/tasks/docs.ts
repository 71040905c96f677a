import { writeFileSync } from 'node:fs';
// From here on the sources of the packages can be imported as they are.
import '../../packages/cli/src/test/from-source.ts';
import { assertWorkspaceNode, inWorkspace } from '../workspace.ts';

// node scripts/run.mjs docs: makes the pages anew that are made from the code.
assertWorkspaceNode();
const { cliPage } = await import('../docs/cli-page.ts');
const { errorsPage } = await import('../docs/errors-page.ts');
const pages = { 'errors.md': errorsPage(), 'cli.md': cliPage() };
for (const [name, text] of Object.entries(pages)) {
  writeFileSync(inWorkspace('docs', name), text);
  console.log(`Wrote docs/${name}.`);
}
