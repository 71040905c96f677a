import type { Command } from 'commander';
import type { ImportListOptions } from '../actions/imports.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addImportsCommands(program: Command, runner: Runner): void {
  const imports = program.command('imports').description('look at past imports, and after detached ones');
  changeOptions(
    imports
      .command('list')
      .description('list imports, the newest first')
      .option('--product <line>', 'only of this product line'),
    pageOptions({ most: 200, usual: 20 }),
  ).action((options: ImportListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listImports } = await import('../actions/imports.js');
      await listImports(session, options);
    }),
  );
  imports
    .command('show')
    .description('show one import: counts and reasons')
    .argument('<id>', 'the run')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showImport } = await import('../actions/imports.js');
        await showImport(session, id);
      }),
    );
  imports
    .command('watch')
    .description('show how far a detached import is, until it ends')
    .argument('<id>', 'what lms import --detach gave')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { watchImport } = await import('../actions/imports-watch.js');
        return watchImport(session, id);
      }),
    );
  imports
    .command('cancel')
    .description('cancel a detached import; one that runs stops between two batches, and what was taken stays')
    .argument('<id>', 'what lms import --detach gave')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { cancelImport } = await import('../actions/imports-watch.js');
        await cancelImport(session, id);
      }),
    );
}
