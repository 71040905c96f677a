import type { StoredJob } from '../../src/foundation/jobs/queue/job-store.js';
import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of jobs. */
export const brokenJobs: Readonly<Record<string, Breakage>> = {
  'jobs/claim-once': breaking('jobs', (real) => ({
    async claim(unit, { limit, holder, leaseUntil, now, ...claim }) {
      const seen = await real.list({ status: 'waiting', kind: claim.shares[0]?.kind ?? '', limit });
      await real.claim(unit, { ...claim, holder, leaseUntil, now, limit });
      return seen.map((job): StoredJob => ({ ...job, status: 'running', fence: 1 }));
    },
  })),
  'jobs/order': breaking('jobs', (real) => ({
    claim: async (unit, claim) => [...(await real.claim(unit, claim))].reverse(),
  })),
  'jobs/shares': breaking('jobs', (real) => ({
    async claim(unit, { shares, limit, ...claim }) {
      const claimed: StoredJob[] = [];
      // Kind by kind, whatever is urgent.
      for (const share of shares) {
        const left = Math.min(share.limit, limit - claimed.length);
        if (left > 0) claimed.push(...(await real.claim(unit, { ...claim, shares: [share], limit: left })));
      }
      return claimed;
    },
  })),
  'jobs/fence': breaking('jobs', (real) => ({
    async end(unit, endings, now) {
      const held = [];
      for (const ending of endings) {
        held.push({ ...ending, fence: (await real.get(unit, ending.id))?.fence ?? ending.fence });
      }
      return real.end(unit, held, now);
    },
  })),
  'jobs/lapse': breaking('jobs', (real) => ({
    lapse: (unit, lapse) => real.lapse(unit, { ...lapse, latest: '9999-12-31T00:00:00.000Z', limit: 2 }),
  })),
  'jobs/dedupe': breaking('jobs', (real) => ({
    insert: (unit, jobs) =>
      real.insert(
        unit,
        jobs.map((job) => ({ ...job, dedupeKey: null })),
      ),
  })),
  'jobs/endings': breaking('jobs', (real) => ({
    end: (unit, endings, now) =>
      real.end(
        unit,
        endings.map((ending) =>
          ending.outcome.kind === 'released'
            ? { ...ending, outcome: { kind: 'failed', error: 'INTERNAL', runAt: now } }
            : ending,
        ),
        now,
      ),
  })),
  'jobs/end-in-unit': breaking('jobs', () => ({
    end: async (_unit, endings) => new Set(endings.map(({ id }) => id)),
  })),
  'jobs/renew': breaking('jobs', (real) => ({
    renew: (unit, renewals, leaseUntil) =>
      real.renew(
        unit,
        renewals.map(({ id, fence }) => ({ id, fence })),
        leaseUntil,
      ),
  })),
  'jobs/update': breaking('jobs', () => ({ update: async () => true })),
  'jobs/list': breaking('jobs', (real) => ({ list: ({ after: _after, ...query }) => real.list(query) })),
  'jobs/counts': breaking('jobs', (real) => ({
    async counts() {
      const [first] = await real.list({ status: 'waiting', limit: 1 });
      const counts = await real.counts();
      return { ...counts, oldestRunAt: counts.oldestRunAt === null ? null : (first?.runAt ?? null) };
    },
  })),
  'jobs/any-due': breaking('jobs', (real) => ({
    async anyDue(now) {
      const waiting = await real.list({ status: 'waiting', limit: 500 });
      return waiting.some(({ runAt }) => runAt <= now);
    },
  })),
  'jobs/trim': breaking('jobs', (real) => ({ trim: (status, before) => real.trim(status, before, 1_000) })),
};
