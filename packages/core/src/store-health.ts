import { type BackupHealth, backupHealth } from './foundation/backup/index.js';
import { type RelayHealth, relayHealth } from './foundation/jobs/index.js';
import type { Clock } from './foundation/kernel/index.js';
import type { Storage } from './storage/storage.js';

/**
 * How a store fares. `ok` is that of what follows from commands alone, so that a late backup takes no server out of service: `backups`
 * has its own.
 */
export interface StoreHealth extends RelayHealth {
  readonly backups: BackupHealth;
}

export async function storeHealth({
  storage,
  clock,
  warnAfterMillis,
}: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly warnAfterMillis: number | null;
}): Promise<StoreHealth> {
  const relay = await relayHealth({ outbox: storage.outbox, clock });
  return { ...relay, backups: await backupHealth({ audit: storage.audit, clock, warnAfterMillis }) };
}
