import type { Actor, Json } from '../kernel/index.js';
import type { EventDraft, EventRecorder, UnitOfWork } from '../persistence/index.js';

export interface BackupTrailPorts {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventRecorder;
}

export interface BackupFact {
  readonly type: keyof typeof versions;
  readonly actor: Actor;
  readonly backupId: string;
  readonly data: Readonly<Record<string, Json>>;
}

/** What the trail says of a backup: where it went by name alone, never what is in it. */
const versions = { 'store.backup_started': 1, 'store.backed_up': 2, 'store.restored': 3 } as const;

/** What is told of a backup: that it began, before the first row leaves, how it ended, and that it was restored. */
export function backupFact({ type, actor, backupId, data }: BackupFact): EventDraft {
  return {
    type,
    typeVersion: 1,
    aggregate: { kind: 'backup', id: backupId, version: versions[type] },
    actor,
    command: type === 'store.restored' ? 'store.restore' : 'store.backup',
    data,
    sealed: null,
  };
}

/** Tells the trail of a backup. A backup holds the first of these itself. */
export async function tellOfBackup({ unitOfWork, events }: BackupTrailPorts, told: BackupFact): Promise<void> {
  await unitOfWork.run('ledger', async (unit) => {
    await events.record(unit, [backupFact(told)]);
  });
}
