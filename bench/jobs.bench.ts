// Durable jobs on MySQL, each added, claimed and finished, beside the loop that one writes by hand; and timers that are due at once.
import process from 'node:process';
import { removeDatabases, serversFor } from './data/servers.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber, printRatio } from './kit/table.ts';
import type { JobsByHandFound, JobsByHandSettings } from './subjects/jobs-by-hand.ts';
import type { JobsFound, JobsSettings } from './subjects/jobs-with-sdk.ts';

const jobs = rowsOr(10_000);
const timers = jobs * 10;
const concurrency = 16;
const leastRatio = 2;
const mostTimerSeconds = 60;

const servers = serversFor('lms_bench_jobs', process.env);
const peers = serversFor('lms_bench_jobs_by_hand', process.env);
try {
  const sdk = runApart<JobsSettings, JobsFound>('jobs-with-sdk', { jobs, timers, concurrency, servers });
  const hand = runApart<JobsByHandSettings, JobsByHandFound>('jobs-by-hand', { jobs, concurrency, servers: peers });
  const { onePerSecond, batchedPerSecond, timersMillis } = sdk.found;
  const { perSecond } = hand.found;
  const row = (name: string, rate: number, megabytes: number): readonly string[] => [
    name,
    printNumber(rate),
    printRatio(rate / perSecond),
    printNumber(megabytes),
  ];
  const timerSeconds = timersMillis / 1000;
  tell({
    name: 'jobs',
    about:
      `${printNumber(jobs)} jobs that do nothing, added, claimed and finished on MySQL on this machine: by ${concurrency} callers, each a job at ` +
      `a time, with ${concurrency} handlers at once; and added 500 a commit. The peer is a table of jobs by hand with \`mysql2\` alone: insert, ` +
      'claim by `FOR UPDATE SKIP LOCKED` and end, each in a commit of its own, as many callers and workers; it has no lease, no fence, no retry, ' +
      `no permission, no id of ours. Then ${printNumber(timers)} timers that are due at once.`,
    table: {
      headings: ['', 'per second', 'ratio to peer', 'peak MB'],
      rows: [
        row(`jobs.add, ${concurrency} callers`, onePerSecond, sdk.peakMegabytes),
        row('500 jobs a commit', batchedPerSecond, sdk.peakMegabytes),
        row(`peer: by hand, ${concurrency} callers`, perSecond, hand.peakMegabytes),
        ['timers due at once', printNumber((timers * 1000) / timersMillis), '', printNumber(sdk.peakMegabytes)],
      ],
    },
    targets: [
      {
        asked: `at least ${leastRatio} times the loop by hand`,
        measured: `${printRatio(onePerSecond / perSecond)} one by one, ${printRatio(batchedPerSecond / perSecond)} in batches`,
        met: onePerSecond / perSecond >= leastRatio,
      },
      {
        asked: `${printNumber(timers)} timers fire within ${mostTimerSeconds} s`,
        measured: `${printNumber(timerSeconds)} s`,
        met: timerSeconds <= mostTimerSeconds,
      },
    ],
  });
} finally {
  await removeDatabases(servers);
  await removeDatabases(peers);
}
