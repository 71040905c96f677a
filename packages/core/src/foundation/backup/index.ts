export {
  type BackupHealth,
  type BackupSettings,
  backupFinding,
  backupHealth,
  type LastBackup,
  warnAfterOf,
} from './backup-health.js';
export type { BackupOptions, BackupProgress, BackupRequest, BackupResult } from './backup-request.js';
export { type BackupGate, type BackupPorts, BackupService } from './backup-service.js';
export { backupFact } from './backup-trail.js';
export {
  type RestoredBackup,
  type RestoreOptions,
  type RestorePorts,
  type RestoreProgress,
  restoreBackup,
} from './restore-backup.js';
export type { RestoreRequest } from './restore-request.js';
export { backupsToPrune, type DatedBackup, type KeepBackups } from './retention.js';
export type {
  RowBatch,
  SnapshotStore,
  StoredCell,
  StoredRow,
  StoreLoading,
  StoreSnapshot,
  TableLayout,
} from './snapshot-store.js';
export { type BackupInfo, readBackupInfo, type VerifiedBackup, verifyBackup } from './verify-backup.js';
