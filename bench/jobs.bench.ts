// Durable jobs, each added, claimed and finished: on the embedded store beside BullMQ, on MySQL beside the loop that one writes by
// hand; and timers that are due at once.
import { join } from 'node:path';
import process from 'node:process';
import { removeDatabases, serversFor } from './data/servers.ts';
import { runApart } from './kit/apart.ts';
import { tell } from './kit/report.ts';
import { rowsOr } from './kit/run-settings.ts';
import { printNumber, printRatio } from './kit/table.ts';
import { inFreshFolder } from './kit/workplace.ts';
import type { JobsByHandFound, JobsByHandSettings } from './subjects/jobs-by-hand.ts';
import type { BullmqFound, BullmqSettings } from './subjects/jobs-with-bullmq.ts';
import type { JobsFound, JobsSettings } from './subjects/jobs-with-sdk.ts';

const jobs = rowsOr(10_000);
const timers = jobs * 10;
const concurrency = 16;
const batch = 500;
const leastToBullmq = 1;
const leastToBullmqInBatches = 3;
const leastToLoop = 2;
const mostTimerSeconds = 60;

const servers = serversFor('lms_bench_jobs', process.env);
const peers = serversFor('lms_bench_jobs_by_hand', process.env);
const { REDIS_URL: redisUrl } = process.env;
if (!redisUrl) throw new Error('REDIS_URL is not set: start this with npm run bench');

interface Measured {
  readonly perSecond: number;
  readonly peakMegabytes: number;
}

function embedded(addedAtOnce: number): Measured {
  return inFreshFolder((folder) =>
    ours({ addedAtOnce, store: { file: join(folder, 'jobs.db') }, redisUrl: null, timers: 0 }),
  );
}

function ours(settings: Omit<JobsSettings, 'jobs' | 'concurrency'>): Measured & JobsFound {
  const { found, peakMegabytes } = runApart<JobsSettings, JobsFound>('jobs-with-sdk', {
    jobs,
    concurrency,
    ...settings,
  });
  return { ...found, perSecond: found.jobsPerSecond, peakMegabytes };
}

function bullmq(url: string, addedAtOnce: number): Measured {
  const settings = { redisUrl: url, jobs, concurrency, addedAtOnce };
  const { found, peakMegabytes } = runApart<BullmqSettings, BullmqFound>('jobs-with-bullmq', settings);
  return { perSecond: (jobs * 1000) / found.elapsed.wallMillis, peakMegabytes };
}

/** One loop that claims a job at a time, or several at once. */
function byHand(workers: number): Measured {
  const settings = { jobs, callers: concurrency, workers, servers: peers };
  const { found, peakMegabytes } = runApart<JobsByHandSettings, JobsByHandFound>('jobs-by-hand', settings);
  return { perSecond: found.perSecond, peakMegabytes };
}

try {
  const embeddedOne = embedded(1);
  const bullmqOne = bullmq(redisUrl, 1);
  const embeddedMany = embedded(batch);
  const bullmqMany = bullmq(redisUrl, batch);
  const mysqlOne = ours({ addedAtOnce: 1, store: { servers }, redisUrl: null, timers });
  const mysqlWoken = ours({ addedAtOnce: 1, store: { servers }, redisUrl, timers: 0 });
  const mysqlMany = ours({ addedAtOnce: batch, store: { servers }, redisUrl: null, timers: 0 });
  const loop = byHand(1);
  const loops = byHand(concurrency);
  const row = (name: string, { perSecond, peakMegabytes }: Measured, peer: Measured): readonly string[] => [
    name,
    printNumber(perSecond),
    printRatio(perSecond / peer.perSecond),
    printNumber(peakMegabytes),
  ];
  const target = (asked: string, measured: Measured, peer: Measured, least: number) => {
    const ratio = measured.perSecond / peer.perSecond;
    return { asked, measured: printRatio(ratio), met: ratio >= least };
  };
  const timerSeconds = mysqlOne.timersMillis / 1000;
  tell({
    name: 'jobs',
    about:
      `${printNumber(jobs)} jobs that do nothing, added, claimed and finished on this machine, with ${concurrency} callers that add and as many ` +
      `handlers at once; in batches: ${batch} jobs a call, and as many handlers. BullMQ runs on a Redis that has written and synced each change before it ` +
      'answers, and keeps nothing of a job that has ended. The loop by hand is a table of jobs with `mysql2` alone: insert, claim one by ' +
      `\`FOR UPDATE SKIP LOCKED\` and end, each in a commit of its own, beside ${concurrency} callers that add; it has no lease, no fence, no retry, ` +
      `no permission, no id of ours. Then ${printNumber(timers)} timers that are due at once, on MySQL.`,
    table: {
      headings: ['', 'per second', 'ratio to peer', 'peak MB'],
      rows: [
        row('embedded, jobs.add', embeddedOne, bullmqOne),
        row('peer: BullMQ, add', bullmqOne, bullmqOne),
        row('embedded, jobs.addMany', embeddedMany, bullmqMany),
        row('peer: BullMQ, addBulk', bullmqMany, bullmqMany),
        row('MySQL, jobs.add', mysqlOne, loop),
        row('MySQL, jobs.add, BullMQ as wake-up', mysqlWoken, loop),
        row('MySQL, jobs.addMany', mysqlMany, loop),
        row('peer: loop by hand', loop, loop),
        row(`peer: ${concurrency} such loops at once`, loops, loop),
        ['timers due at once', printNumber(timers / timerSeconds), '', printNumber(mysqlOne.peakMegabytes)],
      ],
    },
    targets: [
      target('embedded: at least the jobs/s of BullMQ', embeddedOne, bullmqOne, leastToBullmq),
      target(
        `embedded: ${leastToBullmqInBatches} times BullMQ in batches`,
        embeddedMany,
        bullmqMany,
        leastToBullmqInBatches,
      ),
      target(`with BullMQ as wake-up at least ${leastToLoop} times the loop by hand`, mysqlWoken, loop, leastToLoop),
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
