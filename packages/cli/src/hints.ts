import type { ErrorCode, LmsError } from '@lms/core/kernel';
import { commandLine } from './output/command-line.js';

type Hint = string | ((error: LmsError) => string | null);

/** What to type after an error, by its code. */
const hints: ReadonlyMap<ErrorCode, Hint> = new Map<ErrorCode, Hint>([
  ['INPUT_INVALID', (error) => (error.path === 'productLine' ? 'name the product line: --product LINE' : null)],
  ['LINE_NOT_FOUND', 'lms schema list shows the product lines; lms schema publish FILE adds one'],
  ['DEFINITION_INVALID', 'correct the file, then check it: lms schema lint FILE'],
  [
    'DEFINITION_CONFLICT',
    'lms schema diff LINE --to FILE shows your text against what was published; then publish again',
  ],
  ['SCHEMA_VERSION_NOT_FOUND', 'lms schema show LINE shows the current version'],
  ['CALENDAR_NOT_FOUND', 'lms calendars list shows the calendars; lms calendars publish FILE adds one'],
  ['CALENDAR_CONFLICT', 'lms calendars show NAME shows what is there now; then publish again'],
  ['STAGE_NOT_FOUND', 'lms stages list --product LINE shows the stages'],
  ['STAGE_IN_USE', 'name where its leads go: --move-to STAGE'],
  ['FIELD_UNKNOWN', 'lms schema show LINE shows the fields'],
  ['LEAD_NOT_FOUND', 'lms leads list shows the leads that you may see'],
  ['LEAD_INVALID', 'lms schema show LINE shows what each field takes'],
  ['LEAD_DUPLICATE', duplicateHint],
  ['LEAD_VERSION_STALE', 'look at it again (lms leads show NUMBER), then repeat with its version or without one'],
  ['LEAD_DELETED', 'lms leads restore NUMBER'],
  ['ERASURE_HELD', 'wait until the hold ends, or ask whoever set it'],
  ['MOVE_REFUSED', 'lms leads show NUMBER shows its open tasks; lms stages list shows where a lead may go'],
  ['TASK_NOT_FOUND', 'lms leads show NUMBER shows its tasks'],
  ['TASK_CLOSED', 'lms leads show NUMBER shows its tasks'],
  ['CURSOR_INVALID', 'begin again without --cursor'],
  [
    'SEARCH_UNSUPPORTED',
    'personal values are found whole: --phone, --email, or --where FIELD=VALUE of an indexed field',
  ],
  [
    'ACTOR_UNKNOWN',
    'name a user with --actor or LMS_ACTOR; an admin adds one: lms users add ID --name NAME --role ROLE',
  ],
  ['PERMISSION_DENIED', 'ask an admin, or act as somebody else: --actor ID'],
  ['USER_NOT_FOUND', 'lms users list shows the users'],
  ['USER_EXISTS', 'lms users list shows the users'],
  ['USER_INACTIVE', 'lms users activate ID'],
  ['USER_VERSION_STALE', 'lms users list shows the versions; then repeat'],
  ['PLACEMENT_CONFLICT', 'lms leads show NUMBER shows who has it now; then repeat'],
  ['EXPORT_FILE_EXISTS', 'name another file, or repeat with --replace'],
  ['EXPORT_NOT_WRITTEN', 'make room, or name a place where you may write; nothing was kept'],
  ['IMPORT_HEADER_NOT_FOUND', 'the headings must be field keys, labels or synonyms: lms schema show LINE'],
  [
    'IMPORT_MAPPING_INVALID',
    'write --map "Column heading=fieldKey", or --map "column H=-" to leave one out; lms schema show LINE shows the keys',
  ],
  ['IMPORT_COLUMN_MISSING', columnHint],
  ['REJECT_FILE_EXISTS', 'name another file with --rejects, or repeat with --replace'],
  ['MAPPING_NOT_FOUND', 'lms mappings list shows the saved ones'],
  ['MAPPING_CONFLICT', 'lms mappings show NAME --product LINE shows what is there now; then repeat'],
  ['IMPORT_FILE_UNREADABLE', 'name a table with headings and rows, saved as .xlsx or as "CSV UTF-8"'],
  [
    'IMPORT_FILE_CHANGED',
    'wait until nobody writes to the file, or take a copy, then repeat; rows that are in stay in',
  ],
  ['DISK_FULL', 'make room, then repeat; rows that are in are not made twice'],
  ['AUDIT_HEAD_INVALID', 'lms audit verify shows what was written behind the back of LMS'],
  ['CONSENT_PURPOSE_UNKNOWN', 'lms consent purposes shows them; add yours to "consents" in lms.config.json'],
  ['CONSENT_WORDING_NOT_FOUND', 'lms consent wordings add FILE --purpose PURPOSE --language LANGUAGE'],
  ['CONSENT_WORDING_EXISTS', 'leave --wording out: the text becomes the next version'],
  ['EXCHANGE_NOT_FOUND', 'lms exchanges list shows the calls'],
  ['OUTBOUND_TARGET_UNKNOWN', 'add it to "outbound" in lms.config.json'],
  ['OUTBOUND_REFUSED', 'if it is yours, name it in the "network" of the target in lms.config.json'],
  ['OUTBOUND_UNTRUSTED', 'name its authority, or our certificate, in the "tls" of the target in lms.config.json'],
  ['OUTBOUND_BUDGET_SPENT', 'lms exchanges budgets shows what is spent'],
  ['SECRET_MISSING', 'set the variable or write the file that the target names'],
  ['CONSUMER_NOT_FOUND', 'lms events consumers lists them'],
  ['CONSUMER_CONFLICT', 'lms events consumers shows how far it is'],
  ['TIMER_NOT_FOUND', 'lms timers list shows those that have not fired'],
  ['NOTIFICATION_NOT_FOUND', 'lms notify list shows them'],
  ['NOTICES_CONFLICT', 'lms notify rules shows what holds; then publish with --replaces'],
  ['NOTICE_TEMPLATE_NOT_FOUND', 'lms notify templates shows the templates'],
  ['NOTICE_CHANNEL_OFF', 'add it to "notify" in lms.config.json'],
  ['WEBHOOK_NOT_FOUND', 'lms webhooks list shows the webhooks'],
  ['WEBHOOK_CONFLICT', 'lms webhooks show ID shows its version; then repeat'],
  ['WEBHOOK_DELIVERY_NOT_FOUND', 'lms webhooks deliveries ID --status delivered shows what was sent'],
  ['JOB_NOT_FOUND', 'lms jobs list shows the jobs'],
  ['JOB_CONFLICT', 'lms jobs show says where it stands'],
  ['IMPORT_NOT_FOUND', 'lms imports list shows the runs'],
  [
    'KEY_MISSING',
    'put the key back where lms.config.json says it is; a backup of the store needs the key it was made with',
  ],
  ['KEY_INVALID', 'give the key with that id: "key" in lms.config.json may be a list, of which every key opens'],
  ['LIMIT_EXCEEDED', 'split it into smaller parts'],
  ['STAGE_EXISTS', 'lms stages list --product LINE shows the stages; lms stages update changes one'],
  ['CONFIG_INVALID', 'correct it in lms.config.json, or set the variable, then look with lms doctor'],
  ['IDEMPOTENCY_KEY_REUSED', 'repeat the very same request, or take another key'],
  ['STORE_LOCKED', 'wait for the other process, then repeat'],
  ['STORE_CORRUPT', 'look at it with lms doctor; restore a backup if it is damaged'],
  ['STORE_OUTDATED', 'lms storage migrate --dry-run shows what is to be done, lms storage migrate does it'],
  ['STORE_TOO_NEW', 'upgrade lms: npm install @lms/cli@latest'],
  ['STORE_MISCONFIGURED', 'change the setting, then look with lms doctor'],
  ['STORE_UNAVAILABLE', 'see that the server runs and the URL is right, then repeat; lms doctor shows more'],
  [
    'STORE_UNSYNCED',
    'check the disk (its log names failed writes), then look whether it took effect before you repeat it',
  ],
  ['STORE_CONFLICT', 'repeat the command'],
  ['STORE_NOT_EMPTY', 'name an empty store with --store, or move the file of this one away'],
  ['STORE_RESTORING', 'wait for the restore, or begin it again: lms restore FILE'],
  ['BACKUP_INVALID', 'lms backups show FILE checks another one without a key'],
  ['BACKUP_TOO_NEW', 'upgrade lms: npm install @lms/cli@latest'],
  ['BACKUP_FILE_EXISTS', 'name another file, or repeat with --replace'],
  ['BACKUP_NOT_WRITTEN', 'make room, or name a place where you may write; nothing was kept'],
  [
    'BACKUP_KEYS_DAMAGED',
    'bring a whole copy of the list, or one that is newer (--destroyed LIST); --without-destroyed-keys passes over it, and what it alone tells of is back',
  ],
  ['BACKUP_KEYS_UNLISTED', 'put FILE.destroyed beside it, name it with --destroyed, or say --without-destroyed-keys'],
  ['DRIVER_MISSING', 'install the package that it names'],
  ['CONFIG_NOT_FOUND', 'lms init makes one in this folder; --config FILE names another'],
  ['INTERNAL', 'repeat with LMS_DEBUG=1 to see where it happened, and report it'],
]);

export function hintFor(error: LmsError): string | null {
  const hint = hints.get(error.code);
  return typeof hint === 'function' ? hint(error) : (hint ?? null);
}

function duplicateHint({ details: { holders } }: LmsError): string {
  const number = (Array.isArray(holders) ? holders : []).map(numberOf).find((each) => each !== null);
  if (number === undefined) return 'ask a manager or an admin, who may see the lead that has it';
  return `lms leads show ${number} shows the lead that has it`;
}

function numberOf(holder: unknown): string | null {
  const number: unknown = typeof holder === 'object' && holder !== null ? Reflect.get(holder, 'number') : null;
  return typeof number === 'string' ? number : null;
}

/** The flag that says which column holds the field: the one that it may be, else any that is not read. */
function columnHint({ path = 'FIELD', details: { columns } }: LmsError): string {
  const unread = (Array.isArray(columns) ? columns : []).map(unreadColumn).filter((column) => column !== null);
  const column = unread.find(({ field }) => field !== null) ?? unread[0];
  if (column === undefined) return 'add the columns to the file, or give the fields a default: lms schema edit LINE';
  const map = commandLine(['--map', `column ${column.letter}=${column.field ?? path}`]);
  return `say which column holds it, such as ${map}; lms schema show LINE shows the fields`;
}

function unreadColumn(column: unknown): { readonly letter: string; readonly field: string | null } | null {
  if (typeof column !== 'object' || column === null || Reflect.get(column, 'field') !== null) return null;
  const letter: unknown = Reflect.get(column, 'letter');
  const field: unknown = Reflect.get(column, 'suggestion');
  return typeof letter === 'string' ? { letter, field: typeof field === 'string' ? field : null } : null;
}
