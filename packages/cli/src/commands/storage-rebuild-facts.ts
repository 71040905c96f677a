import type { Command } from 'commander';
import type { RebuildFactsOptions } from '../actions/storage-rebuild-facts.js';
import type { Runner } from '../run.js';

/** Added to the group `storage`. */
export function addStorageRebuildFactsCommand(storage: Command, runner: Runner): void {
  storage
    .command('rebuild-facts')
    .description(
      'write boards, lists and the owners on leads anew from the leads and their placements, while others work',
    )
    .option('--product <line>', 'leads of this product line alone')
    .option('--after <lead>', 'go on after this lead, as an earlier run said')
    .action((options: RebuildFactsOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { rebuildFacts } = await import('../actions/storage-rebuild-facts.js');
        return rebuildFacts(session, options);
      }),
    );
}
