import type { Command } from 'commander';
import type {
  LineOption,
  StageAddOptions,
  StageListOptions,
  StageRestoreOptions,
  StageRetireOptions,
  StageUpdateOptions,
} from '../actions/stages.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { changeOptions, yesOptions } from './shared-options.js';

const product = ['--product <line>', 'the product line'] as const;

export function addStagesCommands(program: Command, runner: Runner): void {
  const stages = program.command('stages').description('the stages of a pipeline; each change is a new version');
  stages
    .command('list')
    .description('list the stages in order, with where a lead may go from each')
    .requiredOption(...product)
    .option('--limit <number>', 'how many', wholeNumber(1, 1000), 100)
    .action((options: StageListOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listStages } = await import('../actions/stages.js');
        await listStages(session, options);
      }),
    );
  stages
    .command('add')
    .description('add a stage')
    .argument('<slug>', 'its immutable name, such as "documents"')
    .requiredOption(...product)
    .requiredOption('--name <name>', 'its name on the board')
    .option('--colour <#rrggbb>', 'its colour')
    .option('--next <stages>', 'where a lead may go from it, comma-separated')
    .option('--from <stages>', 'from which stages a lead may come, comma-separated')
    .option('--before <stage>', 'stands before this stage (default: last)')
    .option('--terminal <won|lost>', 'reaching it decides the lead')
    .action((slug: string, options: StageAddOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { addStage } = await import('../actions/stages.js');
        await addStage(session, slug, options);
      }),
    );
  stages
    .command('update')
    .description('change a stage')
    .argument('<slug>', 'the stage')
    .requiredOption(...product)
    .option('--name <name>', 'its name on the board')
    .option('--colour <#rrggbb>', 'its colour')
    .option('--next <stages>', 'where a lead may go from it, comma-separated')
    .option('--terminal <won|lost|none>', 'whether reaching it decides the lead')
    .action((slug: string, options: StageUpdateOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { updateStage } = await import('../actions/stages.js');
        await updateStage(session, slug, options);
      }),
    );
  stages
    .command('reorder')
    .description('put the stages in another order')
    .argument('<slugs...>', 'every stage, in the new order')
    .requiredOption(...product)
    .action((slugs: readonly string[], options: LineOption, command: Command) =>
      runner.inStore(command, async (session) => {
        const { reorderStages } = await import('../actions/stages.js');
        await reorderStages(session, slugs, options.product);
      }),
    );
  const retire = stages
    .command('retire')
    .description('take a stage out of use; leads that stand in it move to another')
    .argument('<slug>', 'the stage')
    .requiredOption(...product)
    .option('--move-to <stage>', 'where its leads go');
  changeOptions(retire, yesOptions).action((slug: string, options: StageRetireOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { retireStage } = await import('../actions/stages.js');
      await retireStage(session, slug, options);
    }),
  );
  stages
    .command('restore')
    .description('bring a retired stage back into use, in its old place')
    .argument('<slug>', 'the stage')
    .requiredOption(...product)
    .requiredOption('--from <stages>', 'from which stages a lead may come, comma-separated')
    .action((slug: string, options: StageRestoreOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { restoreStage } = await import('../actions/stages.js');
        await restoreStage(session, slug, options);
      }),
    );
}
