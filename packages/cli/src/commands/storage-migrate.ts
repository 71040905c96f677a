import type { Command } from 'commander';
import type { StorageMigrateOptions } from '../actions/storage-migrate.js';
import type { Runner } from '../run.js';

/** Added to the group `storage`. */
export function addStorageMigrateCommand(storage: Command, runner: Runner): void {
  storage
    .command('migrate')
    .description('bring the store to the layout of this release; make a backup first')
    .option('--dry-run', 'show the steps, and about how many rows each reads, and change nothing')
    .action((options: StorageMigrateOptions, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { migrateStorage } = await import('../actions/storage-migrate.js');
        await migrateStorage(console, options);
      }),
    );
}
