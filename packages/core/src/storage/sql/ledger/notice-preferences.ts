import type { Selectable } from 'kysely';
import type {
  NoticePreferences,
  PreferenceStore,
  StoredPreferences,
} from '../../../crm/notify/preferences/preference-store.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { prepare, prepareList } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { NoticePreferencesTable } from '../tables-notifications.js';

type PreferenceRow = Omit<Selectable<NoticePreferencesTable>, 'format'>;

const columns = [
  'user_id',
  'preferences',
  'version',
  'updated_at',
  'updated_by',
] as const satisfies readonly (keyof PreferenceRow)[];

export function preferenceStore(context: SqlContext): PreferenceStore {
  const { flavour } = context;
  const { query, locksRows } = flavour;
  const inserted = inserter(flavour, 'notice_preferences', columns);
  const ofUser = (lock: boolean) =>
    prepare<{ user: string }, PreferenceRow>((parameter) =>
      query
        .selectFrom('notice_preferences')
        .select(columns)
        .where('user_id', '=', parameter('user'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const [read, readLocked] = [ofUser(false), ofUser(locksRows)];
  const ofUsers = prepareList<string, Record<never, never>, PreferenceRow>((users) =>
    query.selectFrom('notice_preferences').select(columns).where('user_id', 'in', users),
  );
  const replace = prepare<PreferenceRow & { readonly before: number }, unknown>((parameter) =>
    query
      .updateTable('notice_preferences')
      .set({
        preferences: parameter('preferences'),
        version: parameter('version'),
        updated_at: parameter('updated_at'),
        updated_by: parameter('updated_by'),
      })
      .where('user_id', '=', parameter('user_id'))
      .where('version', '=', parameter('before')),
  );
  return {
    async get(unit, userId) {
      const row = await (unit === null ? read : readLocked).first(readerFor(context, unit, 'ledger'), { user: userId });
      return row && preferencesOf(row);
    },
    async ofUsers(userIds) {
      return (await ofUsers.all(context.reader, userIds, {})).map(preferencesOf);
    },
    async save(unit, preferences) {
      const connection = connectionOf(unit, 'ledger');
      const row = rowOf(preferences);
      if (row.version === 1) return inserted.insertOne(connection, row);
      return (await replace.run(connection, { ...row, before: row.version - 1 })) === 1;
    },
  };
}

function rowOf({
  userId,
  choices,
  language,
  quietHours,
  version,
  updatedAt,
  updatedBy,
}: StoredPreferences): PreferenceRow {
  const preferences: NoticePreferences = { choices, language, quietHours };
  return {
    ...{ user_id: userId, preferences: writeJson(preferences), version },
    ...{ updated_at: updatedAt, updated_by: updatedBy },
  };
}

function preferencesOf(row: PreferenceRow): StoredPreferences {
  const { choices, language, quietHours } = readJson<NoticePreferences>(row.preferences);
  return {
    ...{ userId: row.user_id, choices, language, quietHours },
    ...{ version: row.version, updatedAt: row.updated_at, updatedBy: row.updated_by },
  };
}
