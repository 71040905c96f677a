import type { Invariant } from './invariant.js';

/** What the row of a job must say of itself, whatever its worker met. */
export const jobInvariants: readonly Invariant[] = [
  {
    name: 'a job has a holder while it runs, and else none',
    check: ({ jobs }) =>
      jobs
        .filter(({ status, leaseHolder }) => (status === 'running') !== (leaseHolder !== null))
        .map(({ id, status, leaseHolder }) => `${id} is ${status}, and its holder is ${leaseHolder}`),
  },
  {
    name: 'a job holds its key while it waits or runs, and else not',
    check: ({ jobs }) =>
      jobs
        .filter(({ dedupeKey }) => dedupeKey !== null)
        .filter(({ status, activeKey }) => (status === 'waiting' || status === 'running') !== (activeKey !== null))
        .map(({ id, status, activeKey }) => `${id} is ${status}, and its active key is ${activeKey}`),
  },
  {
    name: 'no job has more tries than claims, or than it may have',
    check: ({ jobs }) =>
      jobs
        .filter(({ attempts, maxAttempts, fence }) => attempts > fence || attempts > maxAttempts)
        .map(
          ({ id, attempts, maxAttempts, fence }) => `${id} had ${attempts} of ${maxAttempts} tries in ${fence} claims`,
        ),
  },
];
