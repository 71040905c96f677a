import type { Command } from 'commander';
import type { Runner } from '../run.js';

/** Added to the group `storage`. */
export function addStorageStatusCommand(storage: Command, runner: Runner): void {
  storage
    .command('status')
    .description('show the layout of the store, which releases may work with it, and which migrations are to come')
    .action((_options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { showStorageStatus } = await import('../actions/storage-status.js');
        await showStorageStatus(console);
      }),
    );
}
