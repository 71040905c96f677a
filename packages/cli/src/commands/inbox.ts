import { type Command, Option } from 'commander';
import type { InboxListOptions, PreferenceOptions, ReadOptions } from '../actions/inbox.js';
import { collect } from '../input/collect.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

/** What a user does with its own notices, under `lms notify`. */
export function addInboxCommands(notify: Command, runner: Runner): void {
  changeOptions(notify.command('inbox').description('list what you were told in the application; the newest first'), [
    new Option('--unread', 'only what is not read'),
    ...pageOptions({ most: 100, usual: 20 }),
  ]).action((options: InboxListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listInbox } = await import('../actions/inbox.js');
      await listInbox(session, options);
    }),
  );
  notify
    .command('read')
    .description('mark notices of your inbox as read')
    .argument('[ids...]', 'lms notify inbox shows them')
    .option('--all', 'all there are')
    .action((ids: readonly string[], options: ReadOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { readNotices } = await import('../actions/inbox.js');
        await readNotices(session, ids, options);
      }),
    );
  changeOptions(
    notify
      .command('preferences')
      .description('show or change how a user wants to be told')
      .argument('[user]', 'you when absent'),
    [
      new Option(
        '--set <key=choice>',
        'a rule, an event or "*", and a channel where it is meant; on, off or default (repeatable)',
      ).argParser(collect),
      new Option('--language <language>', 'what you read best; default for that of the rules'),
      new Option('--quiet-hours <times>', 'when emails wait: 21:00-08:00, none, or default for what is published'),
    ],
  ).action((user: string | undefined, options: PreferenceOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { showPreferences } = await import('../actions/inbox.js');
      await showPreferences(session, user, options);
    }),
  );
}
