import { setTimeout as sleep } from 'node:timers/promises';
import { LmsError } from '../../foundation/kernel/index.js';
import type { MongoDatabase } from './mongo-database.js';
import { layoutId } from './mongo-layout.js';

/** A holder that died is waited for as long; one that lives renews in time. By the server's clock. */
const leaseMillis = 30_000;
const renewEveryMillis = 8_000;
const turnMillis = 200;

/** The right to change the layout, while it lasts. */
export interface LayoutLease {
  readonly holder: string;
  /** @throws LmsError `STORE_LOCKED` when another process has it by now */
  renew(): Promise<void>;
}

export interface LeaseOptions {
  readonly database: MongoDatabase;
  /** An id of this attempt. */
  readonly holder: string;
  /** How long others are waited for. */
  readonly waitMillis: number;
}

/**
 * Runs work while no other process changes the layout. The lease stands in the layout document itself, so that what is recorded there
 * can be held to it; a process that was stopped too long has lost it and finds out before its next change.
 * @throws LmsError `STORE_LOCKED` when others held it too long, or it was lost
 */
export async function withLayoutLease<Result>(
  { database, holder, waitMillis }: LeaseOptions,
  work: (lease: LayoutLease) => Promise<Result>,
): Promise<Result> {
  const meta = database.collection('meta');
  const mine = { _id: layoutId, 'lease.holder': holder };
  const until = { $add: ['$$NOW', leaseMillis] };
  const renew = async (): Promise<void> => {
    const { matchedCount } = await meta.updateOne(mine, [{ $set: { 'lease.until': until } }]);
    if (matchedCount === 0) throw locked('the migration stood still too long, and another process goes on with it');
  };
  const take = async (): Promise<boolean> => {
    // A lease that is not there is less than any time.
    const free = { _id: layoutId, $expr: { $lt: ['$lease.until', '$$NOW'] } };
    const { matchedCount } = await meta.updateOne(free, [{ $set: { lease: { holder, until } } }]);
    return matchedCount === 1;
  };
  for (let left = waitMillis; !(await take()); left -= turnMillis) {
    if (left <= 0) throw locked(`another process has been migrating for more than ${waitMillis} ms`);
    await sleep(turnMillis);
  }
  // Building an index may take longer than a lease. A renewal that fails shows at the next one that is waited for.
  const renewals = setInterval(() => void renew().catch(() => {}), renewEveryMillis);
  try {
    return await work({ holder, renew });
  } finally {
    clearInterval(renewals);
    // One that cannot be given back ends by itself.
    await meta.updateOne(mine, { $unset: { lease: '' } }).catch(() => {});
  }
}

function locked(why: string): LmsError {
  return new LmsError('STORE_LOCKED', { message: `${why}; look with lms storage status, and try again` });
}
