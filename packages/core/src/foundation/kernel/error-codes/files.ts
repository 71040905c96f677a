/** Files that come in and go out. */
export const fileErrors = {
  IMPORT_FILE_UNREADABLE: { category: 'input', retryable: false, meaning: 'The file cannot be read as a table.' },
  IMPORT_FILE_CHANGED: {
    category: 'input',
    retryable: true,
    meaning: 'The file was written to, grew, shrank or was replaced while it was read.',
  },
  IMPORT_FILE_UNREACHABLE: {
    category: 'unavailable',
    retryable: true,
    meaning: 'The worker that took the import cannot read its file; another may.',
  },
  IMPORT_FILE_OTHER: {
    category: 'input',
    retryable: false,
    meaning: 'The file is not the one that was to be imported: its checksum differs.',
  },
  DISK_FULL: {
    category: 'unavailable',
    retryable: true,
    meaning: 'A file cannot be written because the disk, the quota or the largest size of a file is used up.',
  },
  IMPORT_HEADER_NOT_FOUND: {
    category: 'input',
    retryable: false,
    meaning: 'No header row was recognised in the file.',
  },
  IMPORT_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No import run has this id.' },
  IMPORT_MAPPING_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The column mapping names a column or field that does not exist.',
  },
  REJECT_FILE_EXISTS: {
    category: 'conflict',
    retryable: false,
    meaning: 'The refused rows of an import would replace a file that is there already; no row was read.',
  },
  IMPORT_COLUMN_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'No column of the file holds a required field, so every row would be refused; none was read.',
  },
  EXPORT_FILE_EXISTS: {
    category: 'conflict',
    retryable: false,
    meaning: 'The export would replace a file that is there already.',
  },
  EXPORT_NOT_WRITTEN: {
    category: 'unavailable',
    retryable: false,
    meaning: 'The export cannot be written to its file or stream; the message says why.',
  },
  MAPPING_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'The product line has no such saved mapping.',
  },
  MAPPING_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The saved mapping was changed or removed by somebody else.',
  },
} as const;
