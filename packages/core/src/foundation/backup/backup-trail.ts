import type { Actor, Json } from '../kernel/index.js';
import type { EventRecorder, UnitOfWork } from '../persistence/index.js';

export interface BackupTrailPorts {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
}

/** What the trail says of a backup: where it went by name alone, never what is in it. */
const versions = { 'store.backup_started': 1, 'store.backed_up': 2, 'store.restored': 3 } as const;

/**
 * Tells the trail of a backup: that it began, before the first row leaves, and how it ended; and of the restore of one. A backup holds the
 * first of these itself.
 */
export async function tellOfBackup(
  { unitOfWork, events }: BackupTrailPorts,
  told: {
    readonly type: keyof typeof versions;
    readonly actor: Actor;
    readonly backupId: string;
    readonly data: Readonly<Record<string, Json>>;
  },
): Promise<void> {
  const draft = {
    type: told.type,
    typeVersion: 1,
    aggregate: { kind: 'backup', id: told.backupId, version: versions[told.type] },
    actor: told.actor,
    command: told.type === 'store.restored' ? 'store.restore' : 'store.backup',
    data: told.data,
    sealed: null,
  };
  await unitOfWork.run('ledger', async (unit) => {
    await events.record(unit, [draft]);
  });
}
