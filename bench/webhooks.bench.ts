// Outgoing webhooks to a receiver on this machine, from MySQL, beside the loop that one writes by hand.
import process from 'node:process';
import { removeDatabases, serversFor } from './data/servers.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber, printRatio } from './kit/table.ts';
import type { WebhooksByHandFound, WebhooksByHandSettings } from './subjects/webhooks-by-hand.ts';
import type { WebhooksFound, WebhooksSettings } from './subjects/webhooks-with-sdk.ts';

const deliveries = rowsOr(10_000);
const concurrency = 20;
const leastPerSecond = 500;

const servers = serversFor('lms_bench_webhooks', process.env);
const peers = serversFor('lms_bench_webhooks_by_hand', process.env);
try {
  const sdk = runApart<WebhooksSettings, WebhooksFound>('webhooks-with-sdk', { deliveries, servers });
  const settings = { deliveries, concurrency, servers: peers };
  const hand = runApart<WebhooksByHandSettings, WebhooksByHandFound>('webhooks-by-hand', settings);
  const { perSecond } = sdk.found;
  tell({
    name: 'webhooks',
    about:
      `${printNumber(deliveries)} deliveries that are due, to one receiver on a thread of the same process, on MySQL on this machine: ` +
      `claimed, signed, sent and written down by one round, ${concurrency} at once. The peer is a table by hand with \`mysql2\` and \`fetch\` ` +
      `alone: ${concurrency} loops that claim a row, post it, and end it, each in a commit of its own; it signs nothing, guards no address and ` +
      'plans no tries.',
    table: {
      headings: ['', 'deliveries/s', 'ratio to peer', 'peak MB'],
      rows: [
        [
          'lms.tick',
          printNumber(perSecond),
          printRatio(perSecond / hand.found.perSecond),
          printNumber(sdk.peakMegabytes),
        ],
        ['peer: by hand', printNumber(hand.found.perSecond), printRatio(1), printNumber(hand.peakMegabytes)],
      ],
    },
    targets: [
      {
        asked: `at least ${printNumber(leastPerSecond)} deliveries/s to a receiver on this machine`,
        measured: `${printNumber(perSecond)} deliveries/s`,
        met: perSecond >= leastPerSecond,
      },
    ],
  });
} finally {
  await removeDatabases(servers);
  await removeDatabases(peers);
}
