import type { Command } from 'commander';
import type { RotateKeysOptions } from '../actions/keys.js';
import type { Runner } from '../run.js';

export function addKeysCommands(program: Command, runner: Runner): void {
  const keys = program.command('keys').description('the master keys that seal personal data');
  keys
    .command('status')
    .description(
      'which master keys wrap how many of the keys of leads and of the store, and which look-up key is in force',
    )
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showKeys } = await import('../actions/keys.js');
        return showKeys(session);
      }),
    );
  keys
    .command('new')
    .description('make a new master key in a file that only you can read; no store uses it yet')
    .argument('<file>', 'the file to make')
    .action((file: string, _options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { makeKey } = await import('../actions/keys.js');
        await makeKey(console, file);
      }),
    );
  keys
    .command('rotate')
    .description(
      'wrap every key with the first master key of the configuration, or change the look-up key, while others work',
    )
    .option('--lookup', 'change the key by whose hashes equal values are found, and not the master key')
    .option('--dry-run', 'open every key, change none; with --lookup count what would be hashed anew')
    .addHelpText('after', rotateHelp)
    .action((options: RotateKeysOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { rotateKeys } = await import('../actions/keys.js');
        return rotateKeys(session, options);
      }),
    );
}

const rotateHelp = `
"key" in lms.config.json may be a list: the first key wraps, every one opens. Put the new key at the end and start every
process again; put it first and start every process again; rotate; take the old key out. Stopped or killed, it goes on
when it is run again; several may run at once. Exits with 4 as long as something is wrapped by another key. Backups stay
sealed under the key of their day: keep it for them.

With --lookup it gives the store another look-up key, takes over what the one before has hashed, and removes that. Nobody
need be told: every process heeds it at once, if it is of this release. Stopped or killed, it goes on when it is run again;
when it has ended, the next run begins with one more key.
`;
