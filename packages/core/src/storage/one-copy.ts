import type { StoreSnapshot } from '../foundation/backup/snapshot-store.js';
import { OneAtATime } from './one-at-a-time.js';

/**
 * Snapshots of one open store, one after the other: each begins when the one before was let go of. So however many backups a process
 * makes at once, they hold the connections of one, and neither wait for each other's nor leave none to anybody else. One that is stopped
 * while it waits ends at once, and takes no turn.
 */
export function oneCopyAtATime(begin: () => Promise<StoreSnapshot>): (signal?: AbortSignal) => Promise<StoreSnapshot> {
  const queue = new OneAtATime();
  return (signal) =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => reject(signal?.reason);
      if (signal?.aborted === true) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      const copy = async (): Promise<void> => {
        signal?.removeEventListener('abort', giveUp);
        if (signal?.aborted === true) return;
        const snapshot = await begin();
        await new Promise<void>((letGo) =>
          resolve({ batches: () => snapshot.batches(), close: () => snapshot.close().finally(letGo) }),
        );
      };
      queue.run('copy', copy).catch(reject);
    });
}
