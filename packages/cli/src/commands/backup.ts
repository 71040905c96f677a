import type { Command } from 'commander';
import type { BackupCommandOptions } from '../actions/backup.js';
import type { RestoreCommandOptions } from '../actions/restore.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';

export function addBackupCommands(program: Command, runner: Runner): void {
  addBackupCommand(program, runner);
  addRestoreCommand(program, runner);
  const backups = program.command('backups').description('look at backups');
  backups
    .command('show')
    .description('what a backup says of itself, and whether its checksum is right; needs no key')
    .argument('<file>', 'the backup')
    .action((file: string, _options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { showBackup } = await import('../actions/backups.js');
        return showBackup(console, file);
      }),
    );
  backups
    .command('verify')
    .description('read a backup from end to end with the key of the store, as a restore would')
    .argument('<file>', 'the backup')
    .action((file: string, _options: object, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { verifyBackupFile } = await import('../actions/backups.js');
        await verifyBackupFile(console, file);
      }),
    );
}

function addBackupCommand(program: Command, runner: Runner): void {
  program
    .command('backup')
    .description('copy everything the store holds into a sealed file, while others work in it')
    .argument('[file]', 'the file to make')
    .option('--folder <folder>', 'instead of a file: a folder, where the backup gets a name of its own')
    .option('--keep-daily <number>', 'in the folder: keep the newest of so many days', wholeNumber(0, 10_000))
    .option('--keep-weekly <number>', 'the newest of so many weeks', wholeNumber(0, 10_000))
    .option('--keep-monthly <number>', 'the newest of so many months', wholeNumber(0, 10_000))
    .option('--every <span>', 'go on: one every so often, such as 24h or 6h, at aligned times')
    .option('--replace', 'replace the file if there is one')
    .addHelpText('after', backupHelp)
    .action((file: string | undefined, options: BackupCommandOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { makeBackup } = await import('../actions/backup.js');
        return makeBackup(session, file, options);
      }),
    );
}

function addRestoreCommand(program: Command, runner: Runner): void {
  program
    .command('restore')
    .description('fill an empty store, of any kind, from a backup')
    .argument('<file>', 'the backup')
    .option('--destroyed <list>', 'a list of destroyed keys that lies elsewhere; may be repeated', collect, [])
    .option('--without-destroyed-keys', 'also where no list is found: what was erased since may come back')
    .addHelpText('after', restoreHelp)
    .action((file: string, options: RestoreCommandOptions, command: Command) =>
      runner.onConsole(command, async (console) => {
        const { restoreStore } = await import('../actions/restore.js');
        return restoreStore(console, file, options);
      }),
    );
}

const backupHelp = `
The file is sealed under the store's master key: without the key nobody can read it, and neither can you, so keep a
copy of the key apart from it. It is yours alone to read and has its name when it is whole. Beside it comes
FILE.destroyed, the list of erased data keys: keep the two together. Needs the role admin; each backup is in the trail.

With --every it stays and makes one backup after the other: at multiples of the span in the business time zone (24h is
midnight there), at once where the last is older than that, and again a minute later, then later each time, when one
fails. Ctrl-C and SIGTERM end it; a backup under way leaves nothing behind then.
`;

const restoreHelp = `
Restores into the store that --store names, which must be empty, with the key that lms.config.json names: that of the
store that was backed up. Every list of destroyed keys beside the backup is heeded, so what was erased stays erased.
Until it has ended nobody can open the store; after a failure in between, repeat it. To move a store from a file to
servers, or back: lms backup, then lms restore --store OTHER.
`;
