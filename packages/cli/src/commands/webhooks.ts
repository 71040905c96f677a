import type { Command } from 'commander';
import type {
  DeadDeliveryOptions,
  DeliveryListOptions,
  WebhookAddOptions,
  WebhookListOptions,
  WebhookUpdateOptions,
} from '../actions/webhooks.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { changeOptions, pageOptions } from './shared-options.js';

export function addWebhooksCommands(program: Command, runner: Runner): void {
  const webhooks = program.command('webhooks').description('receivers outside that are told of events');
  webhooks
    .command('list')
    .description('list webhooks, and what waits for them')
    .option('--limit <number>', 'how many', wholeNumber(1, 10_000), 100)
    .action((options: WebhookListOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listWebhooks } = await import('../actions/webhooks.js');
        await listWebhooks(session, options);
      }),
    );
  webhooks
    .command('add')
    .description('tell a receiver of events from now on; shows its secret, once')
    .argument('<url>', 'where to send them, by https')
    .requiredOption('--type <type>', 'lead.created, "lead.*", or "*" for every event (repeatable)', collect)
    .option('--product <line>', 'only what happens to leads of this line (repeatable)', collect)
    .option('--include <what>', 'ids, or masked: also what the trail shows', 'ids')
    .option('--description <text>', 'what it is for')
    .action((url: string, options: WebhookAddOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { addWebhook } = await import('../actions/webhooks.js');
        await addWebhook(session, url, options);
      }),
    );
  webhooks
    .command('show')
    .description('show a webhook')
    .argument('<id>', 'the webhook')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showWebhook } = await import('../actions/webhooks.js');
        await showWebhook(session, id);
      }),
    );
  webhooks
    .command('update')
    .description('change a webhook; lists are replaced whole. What waits goes to where it points then')
    .argument('<id>', 'the webhook')
    .option('--url <url>', 'where to send them, by https')
    .option('--type <type>', 'lead.created, "lead.*", or "*" for every event (repeatable)', collect)
    .option('--product <line>', 'only what happens to leads of this line (repeatable); "" for every event', collect)
    .option('--include <what>', 'ids, or masked: also what the trail shows')
    .option('--description <text>', 'what it is for')
    .option('--expected-version <number>', 'only if it still has this version', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action((id: string, options: WebhookUpdateOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { updateWebhook } = await import('../actions/webhooks.js');
        await updateWebhook(session, id, options);
      }),
    );
  webhooks
    .command('test')
    .description('send webhook.test at once, and say how it was taken')
    .argument('<id>', 'the webhook')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { testWebhook } = await import('../actions/webhooks.js');
        return testWebhook(session, id);
      }),
    );
  webhooks
    .command('rotate')
    .description('make a new secret, shown once; the old one signs too for a while')
    .argument('<id>', 'the webhook')
    .option('--overlap <span>', 'how long both sign, such as 24h; 0 ends the old one at once', '24h')
    .action((id: string, { overlap }: { readonly overlap: string }, command: Command) =>
      runner.inStore(command, async (session) => {
        const { rotateSecret } = await import('../actions/webhooks.js');
        await rotateSecret(session, id, overlap);
      }),
    );
  webhooks
    .command('disable')
    .description('send nothing more; what waits stays')
    .argument('<id>', 'the webhook')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { disableWebhook } = await import('../actions/webhooks.js');
        await disableWebhook(session, id);
      }),
    );
  webhooks
    .command('enable')
    .description('send again: what waits, and what happens from now on')
    .argument('<id>', 'the webhook')
    .action((id: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { enableWebhook } = await import('../actions/webhooks.js');
        await enableWebhook(session, id);
      }),
    );
  webhooks
    .command('remove')
    .description('forget a webhook and its deliveries')
    .argument('<id>', 'the webhook')
    .option('--yes', 'do not ask')
    .action((id: string, { yes = false }: { readonly yes?: boolean }, command: Command) =>
      runner.inStore(command, async (session) => {
        const { removeWebhook } = await import('../actions/webhooks.js');
        await removeWebhook(session, id, yes);
      }),
    );
  changeOptions(
    webhooks
      .command('deliveries')
      .description('list what a webhook was told, or is to be; what was given up when nothing is said')
      .argument('<id>', 'the webhook')
      .option('--status <status>', 'waiting, delivered, dead or dismissed', 'dead'),
    pageOptions({ most: 200, usual: 20 }),
  ).action((id: string, options: DeliveryListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listDeliveries } = await import('../actions/webhooks.js');
      await listDeliveries(session, id, options);
    }),
  );
  webhooks
    .command('replay')
    .description('send one delivery again, or with --since what a webhook was not told')
    .argument('<id>', 'the delivery; with --since the webhook')
    .option('--since <day>', 'what was given up from this day or time on')
    .action((id: string, options: DeadDeliveryOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { replay } = await import('../actions/webhooks.js');
        await replay(session, id, options);
      }),
    );
  webhooks
    .command('dismiss')
    .description('let a delivery be that was given up, or with --since what a webhook was not told')
    .argument('<id>', 'the delivery; with --since the webhook')
    .option('--since <day>', 'what was given up from this day or time on')
    .action((id: string, options: DeadDeliveryOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { dismiss } = await import('../actions/webhooks.js');
        await dismiss(session, id, options);
      }),
    );
}
