import type { Selectable } from 'kysely';
import type { ConsentWording, ConsentWordingStore } from '../../../foundation/privacy/consent/consent-store.js';
import { inserter } from '../inserter.js';
import { prepare, runQuery } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { ConsentWordingsTable } from '../tables-consents.js';

type WordingRow = Omit<Selectable<ConsentWordingsTable>, 'format'>;

const columns = [
  'id',
  'purpose',
  'language',
  'version',
  'text',
  'hash',
  'added_at',
  'added_by',
] as const satisfies readonly (keyof WordingRow)[];

export function consentWordingStore(context: SqlContext): ConsentWordingStore {
  const { query } = context.flavour;
  const wordings = inserter(context.flavour, 'consent_wordings', columns);
  const get = prepare<{ purpose: string; language: string; version: number }, WordingRow>((parameter) =>
    query
      .selectFrom('consent_wordings')
      .select(columns)
      .where('purpose', '=', parameter('purpose'))
      .where('language', '=', parameter('language'))
      .where('version', '=', parameter('version')),
  );
  const newest = prepare<{ purpose: string; language: string }, WordingRow>((parameter) =>
    query
      .selectFrom('consent_wordings')
      .select(columns)
      .where('purpose', '=', parameter('purpose'))
      .where('language', '=', parameter('language'))
      .orderBy('version', 'desc')
      .limit(1),
  );
  return {
    insert: (unit, wording) => wordings.insertOne(connectionOf(unit, 'ledger'), rowOf(wording)),
    async get(unit, purpose, language, version) {
      const row = await get.first(readerFor(context, unit, 'ledger'), { purpose, language, version });
      return row && wordingOf(row);
    },
    async newest(unit, purpose, language) {
      const row = await newest.first(readerFor(context, unit, 'ledger'), { purpose, language });
      return row && wordingOf(row);
    },
    async list({ purpose, language, after, limit }) {
      let list = query.selectFrom('consent_wordings').select(columns);
      if (purpose !== undefined) list = list.where('purpose', '=', purpose);
      if (language !== undefined) list = list.where('language', '=', language);
      if (after !== undefined) list = list.where('id', '>', after);
      const { rows } = await runQuery(context.reader, list.orderBy('id').limit(limit));
      return rows.map(wordingOf);
    },
  };
}

function rowOf({ addedAt, addedBy, ...wording }: ConsentWording): WordingRow {
  return { ...wording, added_at: addedAt, added_by: addedBy };
}

function wordingOf({ added_at: addedAt, added_by: addedBy, ...wording }: WordingRow): ConsentWording {
  return { ...wording, addedAt, addedBy };
}
