import type { StoreSnapshot } from '../foundation/backup/snapshot-store.js';

/**
 * Snapshots of one open store, one after the other: each begins when the one before was let go of. So however many backups a process
 * makes at once, they hold the connections of one, and neither wait for each other's nor leave none to anybody else.
 */
export function oneCopyAtATime(begin: () => Promise<StoreSnapshot>): () => Promise<StoreSnapshot> {
  let before: Promise<void> = Promise.resolve();
  return async () => {
    const turn = before;
    let letGo = (): void => undefined;
    const mine = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    before = turn.then(() => mine);
    await turn;
    try {
      const snapshot = await begin();
      return { batches: () => snapshot.batches(), close: () => snapshot.close().finally(letGo) };
    } catch (error) {
      letGo();
      throw error;
    }
  };
}
