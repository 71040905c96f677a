/** What kind of failure an error is; adapters map it to an exit code or an HTTP status. */
export type ErrorCategory =
  | 'input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rate-limited'
  | 'partner'
  | 'storage'
  | 'unavailable'
  | 'config'
  | 'internal';

/**
 * The one table of error codes; `docs/errors.md` is generated from it. `retryable`: the very same call may succeed later.
 */
export const errorCodes = {
  // values
  INPUT_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The input has the wrong shape; `details.problems` names each place.',
  },
  AMOUNT_INVALID: { category: 'input', retryable: false, meaning: 'The text is not an amount of money.' },
  AMOUNT_OUT_OF_RANGE: {
    category: 'input',
    retryable: false,
    meaning: 'The amount is beyond what can be stored exactly (2^53 minor units).',
  },
  DECIMAL_INVALID: { category: 'input', retryable: false, meaning: 'The text is not a decimal number.' },
  DATE_INVALID: { category: 'input', retryable: false, meaning: 'The text is not a date that exists.' },
  TIME_ZONE_UNKNOWN: {
    category: 'config',
    retryable: false,
    meaning: 'The business time zone is not an IANA zone that this machine knows.',
  },
  CALENDAR_INVALID: {
    category: 'input',
    retryable: false,
    meaning:
      'The working calendar has no working time, overlapping hours, or a time zone that this machine does not know.',
  },
  ID_INVALID: { category: 'input', retryable: false, meaning: 'The text is not an id.' },
  CURSOR_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The page cursor was not made by this list, or its query changed.',
  },
  LIMIT_EXCEEDED: { category: 'input', retryable: false, meaning: 'A configured limit would be exceeded.' },
  // calendars
  CALENDAR_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No calendar has this slug, or not this version.',
  },
  CALENDAR_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Somebody else published this calendar in the meantime; `details.newestVersion` is its version.',
  },
  // definitions
  LINE_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No product line has this slug.' },
  DEFINITION_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The product-line definition cannot be published; `details.problems` lists every reason.',
  },
  DEFINITION_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Somebody else published this product line in the meantime.',
  },
  SCHEMA_VERSION_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'The product line has no such schema version.',
  },
  STAGE_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'The pipeline has no such stage.' },
  STAGE_EXISTS: { category: 'conflict', retryable: false, meaning: 'The pipeline already has a stage with this slug.' },
  STAGE_IN_USE: {
    category: 'conflict',
    retryable: false,
    meaning: 'Open leads stand in the stage; say where they go.',
  },
  FIELD_UNKNOWN: { category: 'input', retryable: false, meaning: 'The product line has no such field.' },
  // leads
  LEAD_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No lead has this id or number, or it is not visible to the actor.',
  },
  LEAD_HANDED_OVER: {
    category: 'forbidden',
    retryable: false,
    meaning:
      'An earlier call with the same idempotency key made the lead, and it is no longer visible to the actor; `details` has its id and number.',
  },
  LEAD_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'Field values are refused; `details.problems` names each field.',
  },
  LEAD_DUPLICATE: {
    category: 'conflict',
    retryable: false,
    meaning: 'Another lead already holds a unique value; `details.holders` names it to who may see it.',
  },
  LEAD_VERSION_STALE: {
    category: 'conflict',
    retryable: false,
    meaning: 'The lead changed since it was read; `details.currentVersion` is its version.',
  },
  LEAD_DELETED: { category: 'conflict', retryable: false, meaning: 'The lead is deleted; restore it first.' },
  LEAD_NOT_DELETED: { category: 'conflict', retryable: false, meaning: 'The lead is not deleted.' },
  MOVE_REFUSED: {
    category: 'conflict',
    retryable: false,
    meaning: 'The move is not allowed; `details.reasons` lists every reason.',
  },
  TASK_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'The lead has no such task.' },
  TASK_CLOSED: {
    category: 'conflict',
    retryable: false,
    meaning: 'The task is already completed, skipped or cancelled.',
  },
  SEARCH_UNSUPPORTED: {
    category: 'input',
    retryable: false,
    meaning: 'Sealed values cannot be sorted or searched by part.',
  },
  // people and access
  ACTOR_UNKNOWN: {
    category: 'unauthenticated',
    retryable: false,
    meaning: 'The actor is not in the directory, or is not active.',
  },
  PERMISSION_DENIED: { category: 'forbidden', retryable: false, meaning: 'The actor may not do this.' },
  USER_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No user has this id or email.' },
  USER_EXISTS: { category: 'conflict', retryable: false, meaning: 'A user with this email or id exists.' },
  USER_INACTIVE: { category: 'conflict', retryable: false, meaning: 'The user is not active.' },
  USER_LAST_ADMIN: {
    category: 'conflict',
    retryable: false,
    meaning: 'The last active admin of the store cannot be deactivated or lose the role.',
  },
  USER_VERSION_STALE: { category: 'conflict', retryable: false, meaning: 'The user changed since it was read.' },
  PLACEMENT_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The lead was assigned to somebody else in the meantime.',
  },
  // commands
  IDEMPOTENCY_KEY_REUSED: {
    category: 'conflict',
    retryable: false,
    meaning: 'The idempotency key was used before with another request.',
  },
  COMMAND_ABORTED: {
    category: 'conflict',
    retryable: true,
    meaning: 'The caller stopped the command before it was committed.',
  },
  // imports
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
  // exports
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
  // privacy
  KEY_MISSING: {
    category: 'config',
    retryable: false,
    meaning: 'The master key is missing; without it personal data cannot be read.',
  },
  KEY_INVALID: {
    category: 'config',
    retryable: false,
    meaning: 'The master key is not 32 bytes, or not the one this store was made with.',
  },
  ERASURE_HELD: {
    category: 'conflict',
    retryable: false,
    meaning: 'A law or a dispute wants the data of the lead kept for now.',
  },
  KEY_DESTROYED: {
    category: 'not-found',
    retryable: false,
    meaning: 'The data key was destroyed: the data is erased.',
  },
  ENVELOPE_INVALID: {
    category: 'storage',
    retryable: false,
    meaning: 'A sealed value was changed or belongs to another record.',
  },
  // calls to other systems
  OUTBOUND_TARGET_UNKNOWN: {
    category: 'config',
    retryable: false,
    meaning: 'The settings have no outbound target of this name.',
  },
  OUTBOUND_REFUSED: {
    category: 'forbidden',
    retryable: false,
    meaning: 'The address may not be called: it is private, not one of the target, or asked for without TLS.',
  },
  OUTBOUND_TIMEOUT: {
    category: 'partner',
    retryable: true,
    meaning:
      'The other system took too long; `details.ambiguous`: it may have done what was asked, and may be asked again.',
  },
  OUTBOUND_FAILED: {
    category: 'partner',
    retryable: true,
    meaning:
      'The other system could not be reached, or broke off; `details.ambiguous`: it may have done what was asked, and may be asked again.',
  },
  OUTBOUND_OUTCOME_UNKNOWN: {
    category: 'partner',
    retryable: false,
    meaning:
      'The other system may or may not have done what was asked, and asking again could do it twice; find out from it first.',
  },
  OUTBOUND_UNTRUSTED: {
    category: 'partner',
    retryable: false,
    meaning:
      "The other system's certificate is not trusted, or it does not trust ours; it got nothing, only after a redirect may something have been done.",
  },
  OUTBOUND_TOO_LARGE: {
    category: 'partner',
    retryable: false,
    meaning: 'The answer is longer than the target allows; what was asked may have been done.',
  },
  OUTBOUND_CIRCUIT_OPEN: {
    category: 'unavailable',
    retryable: true,
    meaning:
      'The other system kept failing, so it is left alone for a while; `details.retryAfterMillis` says how long.',
  },
  OUTBOUND_RATE_LIMITED: {
    category: 'rate-limited',
    retryable: true,
    meaning: 'More calls than the target allows, in a second or at once; nothing was sent.',
  },
  OUTBOUND_BUDGET_SPENT: {
    category: 'rate-limited',
    retryable: true,
    meaning:
      "The target's budget of the day or month is spent; nothing was sent; `details.retryAfterMillis`: until the period ends.",
  },
  SECRET_MISSING: {
    category: 'config',
    retryable: false,
    meaning: 'A secret that an outbound target refers to is missing or empty.',
  },
  AUDIT_HEAD_INVALID: {
    category: 'storage',
    retryable: false,
    meaning: 'The head of the trail is not the last that this store has signed, so nothing is sealed after it.',
  },
  EXCHANGE_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No call to another system has this id.' },
  // storage
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
  JOB_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No job has this id.' },
  JOB_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'What is asked of the job does not go with its status, or another job with its dedupe key is active.',
  },
  JOB_LEASE_LOST: {
    category: 'conflict',
    retryable: true,
    meaning: 'The worker gave no sign of life for longer than its lease, so the job is no longer its own.',
  },
  JOB_TIMEOUT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'One try of the job took longer than its kind may.',
  },
  TIMER_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No timer has this key: it has fired, was cancelled, or never was.',
  },
  WEBHOOK_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No webhook has this id.' },
  WEBHOOK_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The webhook was changed since it was read; `details.currentVersion` is its version.',
  },
  WEBHOOK_DELIVERY_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No delivery of a webhook has this id, or it is forgotten already.',
  },
  NOTIFICATION_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No notification has this id, or it is forgotten already.',
  },
  NOTIFICATION_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'The notification was sent, or no rule tells of it any more, so it is not sent again.',
  },
  NOTICES_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Templates and rules were published since they were read; `details.currentVersion` is their version.',
  },
  NOTICE_TEMPLATE_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'No template has this name for the channel and language.',
  },
  NOTICE_VARIABLE_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'A template names what this lead does not have, and has no fallback for it; nothing was sent.',
  },
  NOTICE_ADDRESS_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'Who is to be told has no email address or phone that can be sent to.',
  },
  NOTICE_RECIPIENT_GONE: {
    category: 'not-found',
    retryable: false,
    meaning: 'The lead was deleted or erased, or the user is no longer active, so nobody is told.',
  },
  NOTICE_DLT_MISSING: {
    category: 'input',
    retryable: false,
    meaning: 'An SMS to a number of India needs what it was registered by (DLT): entity, template and sender.',
  },
  NOTICE_TOO_LONG: {
    category: 'input',
    retryable: false,
    meaning: 'An SMS is more messages long than the settings allow.',
  },
  NOTICE_CHANNEL_OFF: {
    category: 'config',
    retryable: false,
    meaning: 'The settings of this process do not say how notices go by this channel.',
  },
  NOTICE_NOT_SENT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'The mail server or SMS provider did not take a notification; it is tried again.',
  },
  NOTICE_REFUSED: {
    category: 'partner',
    retryable: false,
    meaning: 'The mail server or SMS provider will not take a notification, such as for an address that is not there.',
  },
  NOTICE_OUTCOME_UNKNOWN: {
    category: 'partner',
    retryable: false,
    meaning: 'An SMS may have been sent or not; it is not sent again by itself.',
  },
  CONSUMER_NOT_FOUND: { category: 'not-found', retryable: false, meaning: 'No consumer of events has this name.' },
  CONSUMER_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'What is asked of the consumer of events does not go with how it stands.',
  },
  CONSUMER_TIMEOUT: {
    category: 'unavailable',
    retryable: true,
    meaning: 'One try of the handler of a consumer took longer than it may.',
  },
  READ_MODELS_BEHIND: {
    category: 'unavailable',
    retryable: true,
    meaning:
      'Events wait that could not be told, so nobody knows who stands where; `lms doctor` says how many and why.',
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
  // consents
  CONSENT_MISSING: { category: 'forbidden', retryable: false, meaning: 'The person has not consented to that.' },
  CONSENT_WITHDRAWN: { category: 'forbidden', retryable: false, meaning: 'The person has taken the consent back.' },
  CONSENT_EXPIRED: {
    category: 'forbidden',
    retryable: false,
    meaning: 'The consent no longer holds; the person has to give it again.',
  },
  CONTACT_BLOCKED: {
    category: 'forbidden',
    retryable: false,
    meaning: 'The person must not be contacted that way, whatever consents there are.',
  },
  CONSENT_PURPOSE_UNKNOWN: {
    category: 'input',
    retryable: false,
    meaning: 'The store knows no such purpose; purposes beyond the usual ones stand in its configuration.',
  },
  CONSENT_WORDING_NOT_FOUND: {
    category: 'not-found',
    retryable: false,
    meaning: 'The text that the person agreed to is not in the store; add it first.',
  },
  CONSENT_WORDING_EXISTS: {
    category: 'conflict',
    retryable: false,
    meaning: 'That version of a wording has another text: texts that people agreed to never change.',
  },
  CONSENT_CONFLICT: {
    category: 'conflict',
    retryable: false,
    meaning: 'Another consent of the same person, purpose and moment is recorded.',
  },
  // configuration and usage
  CONFIG_INVALID: {
    category: 'config',
    retryable: false,
    meaning: 'The configuration file is wrong; the message names the place.',
  },
  CONFIG_NOT_FOUND: { category: 'config', retryable: false, meaning: 'There is no configuration file.' },
  USAGE_INVALID: { category: 'input', retryable: false, meaning: 'The command line is wrong.' },
  INTERNAL: { category: 'internal', retryable: false, meaning: 'A defect of LMS.' },
} as const;

/** A stable error code: `<NOUN>_<PROBLEM>`. */
export type ErrorCode = keyof typeof errorCodes;
