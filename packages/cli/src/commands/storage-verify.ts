import type { Command } from 'commander';
import type { Runner } from '../run.js';

/** Added to the group `storage`. */
export function addStorageVerifyCommand(storage: Command, runner: Runner): void {
  storage
    .command('verify')
    .description(
      "try out on the store's own disk or servers what LMS promises, in a scratch store that is removed afterwards",
    )
    .action((_options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { verifyStorage } = await import('../actions/storage-verify.js');
        return verifyStorage(console);
      }),
    );
}
