/** Stores and their backups. */
export const storageErrors = {
  STORE_LOCKED: {
    category: 'unavailable',
    retryable: true,
    meaning: 'Another process holds the store longer than the time-out.',
  },
  STORE_CORRUPT: {
    category: 'storage',
    retryable: false,
    meaning: 'The file or database is not an LMS store, or it is damaged.',
  },
  STORE_TOO_NEW: { category: 'config', retryable: false, meaning: 'The store was written by a newer release.' },
  STORE_OUTDATED: {
    category: 'config',
    retryable: false,
    meaning: 'The store was made by an older release and must be migrated first: `lms storage migrate`.',
  },
  STORE_MISCONFIGURED: {
    category: 'config',
    retryable: false,
    meaning: 'A setting, a right or a file permission that the store needs is missing; the message names it.',
  },
  STORE_UNAVAILABLE: {
    category: 'unavailable',
    retryable: true,
    meaning: 'The database server, or the disk, cannot be reached or does not answer in time.',
  },
  STORE_UNSYNCED: {
    category: 'unavailable',
    retryable: false,
    meaning:
      'A write could not be brought to the disk, so this open store takes no more; check the disk and open it anew. `details.outcome: "unknown"`: the write itself may be lost with the power.',
  },
  STORE_CONFLICT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'The transaction kept colliding with others and was given up.',
  },
  STORE_NOT_EMPTY: {
    category: 'conflict',
    retryable: false,
    meaning: 'A backup is restored into an empty store only, and this one holds data; it was left as it is.',
  },
  STORE_RESTORING: {
    category: 'unavailable',
    retryable: true,
    meaning: 'A backup is being restored into this store, or a restore broke off and has to be begun again.',
  },
  BACKUP_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The file is no backup, or it is cut short or changed; `details.chunk` names the first chunk that is.',
  },
  BACKUP_TOO_NEW: { category: 'config', retryable: false, meaning: 'The backup was made by a newer release.' },
  BACKUP_OUTDATED: {
    category: 'config',
    retryable: false,
    meaning: 'The backup was made by an older release: restore it with that one, then open the store with this one.',
  },
  BACKUP_FILE_EXISTS: {
    category: 'conflict',
    retryable: false,
    meaning: 'The backup would replace a file that is there already.',
  },
  BACKUP_NOT_WRITTEN: {
    category: 'unavailable',
    retryable: false,
    meaning: 'The backup cannot be written to its file; the message says why. Nothing was kept.',
  },
  BACKUP_KEYS_UNLISTED: {
    category: 'config',
    retryable: false,
    meaning: 'The list of destroyed keys that belongs to the backup is missing: what was erased since could come back.',
  },
  BACKUP_KEYS_DAMAGED: {
    category: 'input',
    retryable: false,
    meaning: 'A list of destroyed keys was changed, cut short or cannot be read, and no whole one is as new as it.',
  },
  STORE_CLOSED: { category: 'storage', retryable: false, meaning: 'The store is closed.' },
  STORE_FAILED: { category: 'storage', retryable: false, meaning: 'The database refused a statement.' },
  DRIVER_MISSING: {
    category: 'config',
    retryable: false,
    meaning: 'A package that is needed here, such as a database driver, is not installed.',
  },
  VALUE_NOT_STORABLE: { category: 'input', retryable: false, meaning: 'The value cannot be stored exactly.' },
} as const;
