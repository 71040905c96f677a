import type { Command } from 'commander';
import type { FunnelOptions } from '../actions/funnel.js';
import { collect } from '../input/collect.js';
import type { Runner } from '../run.js';

export function addReportCommands(program: Command, runner: Runner): void {
  const report = program.command('report').description('look at how leads go');
  report
    .command('funnel')
    .description('how many leads reached each stage, and where they stand now')
    .requiredOption('--product <line>', 'the product line')
    .option('--owner <id>', 'only leads of this user, or "none" for unowned leads')
    .option('--region <region>', 'only this region (repeatable)', collect)
    .option('--source <source>', 'only this source (repeatable)', collect)
    .option('--created-from <date>', 'created on this day or later')
    .option('--created-to <date>', 'created on this day or earlier')
    .action((options: FunnelOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showFunnel } = await import('../actions/funnel.js');
        await showFunnel(session, options);
      }),
    );
}
