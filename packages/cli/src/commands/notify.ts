import { type Command, Option } from 'commander';
import type { NoticeTestOptions, NotificationListOptions, PublishNoticesOptions } from '../actions/notify.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { addInboxCommands } from './inbox.js';
import { changeOptions, pageOptions } from './shared-options.js';

const statuses = ['waiting', 'sending', 'sent', 'suppressed', 'failed', 'unknown'];

export function addNotifyCommands(program: Command, runner: Runner): void {
  const notify = program
    .command('notify')
    .description('people who are told of events: by email, SMS and in the application');
  notify
    .command('publish')
    .description('publish templates and rules; they replace those that hold')
    .argument('<file>', 'YAML or JSON with templates and rules')
    .option('--replaces <version>', 'only if this version holds; 0 for the first', wholeNumber(0, 1_000_000))
    .action((file: string, options: PublishNoticesOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { publishNotices } = await import('../actions/notify.js');
        await publishNotices(session, file, options);
      }),
    );
  notify
    .command('templates')
    .description('list the templates that hold')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listTemplates } = await import('../actions/notify.js');
        await listTemplates(session);
      }),
    );
  notify
    .command('rules')
    .description('list who is told of what, and by what')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listRules } = await import('../actions/notify.js');
        await listRules(session);
      }),
    );
  notify
    .command('test')
    .description('send a template with made-up values at once, by the real provider')
    .argument('<to>', 'an email address, or a number such as +919000000001')
    .requiredOption('--template <name>', 'lms notify templates shows them')
    .addOption(new Option('--channel <channel>', 'by what').choices(['email', 'sms']).default('email'))
    .option('--language <language>', 'the first of the template when absent')
    .action((to: string, options: NoticeTestOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { testNotice } = await import('../actions/notify.js');
        return testNotice(session, to, options);
      }),
    );
  changeOptions(
    notify
      .command('list')
      .description('list who was told of what, and what became of it; the newest first')
      .addOption(new Option('--status <status>', 'only those').choices(statuses))
      .option('--lead <lead>', 'only of this lead, by number or id'),
    pageOptions({ most: 200, usual: 20 }),
  ).action((options: NotificationListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listNotifications } = await import('../actions/notify.js');
      await listNotifications(session, options);
    }),
  );
  notify
    .command('show')
    .description('show one notification, and what became of it')
    .argument('<id>', 'lms notify list shows them')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showNotification } = await import('../actions/notify.js');
        await showNotification(session, id);
      }),
    );
  notify
    .command('retry')
    .description('send again what was suppressed, has failed, or may not have been sent')
    .argument('<id>', 'the notification')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { retryNotification } = await import('../actions/notify.js');
        await retryNotification(session, id);
      }),
    );
  addInboxCommands(notify, runner);
}
