import { hash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { ActorRef, Instant } from '../../../foundation/kernel/index.js';
import type {
  ConsentPerson,
  ConsentSource,
  ConsentStore,
  StoredConsent,
  StoredWithdrawal,
} from '../../../foundation/privacy/consent/consent-store.js';
import { inserter } from '../inserter.js';
import { readJson, writeJson } from '../json-text.js';
import { type Prepared, prepare, runQuery } from '../prepared.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { ConsentsTable } from '../tables-consents.js';
import { personColumnsOf, personHashStore, personOf, rowsOfPerson } from './rows-of-person.js';

type ConsentRow = Omit<Selectable<ConsentsTable>, 'format' | 'decided_at' | 'given_key'>;

const columns = [
  'id',
  'subject_kind',
  'subject_id',
  'phone_hash',
  'email_hash',
  'purpose',
  'partner',
  'data_items',
  'wording_language',
  'wording_version',
  'wording_hash',
  'source',
  'given_at',
  'expires_at',
  'recorded_at',
  'recorded_by',
  'sealed_evidence',
  'withdrawn_at',
  'withdrawn_by',
  'withdrawal_source',
  'sealed_reason',
  'version',
] as const satisfies readonly (keyof ConsentRow)[];

interface WithdrawParameters {
  readonly id: string;
  readonly at: Instant;
  readonly by: ActorRef;
  readonly source: ConsentSource;
  readonly reason: string | null;
}

/** Of one of the three that a person is known by. */
interface KnownParameters {
  readonly known: string;
  readonly kind: string;
  readonly purpose: string;
  readonly limit: number;
}

export function consentStore(context: SqlContext): ConsentStore {
  const { query } = context.flavour;
  const consents = inserter(context.flavour, 'consents', [...columns, 'decided_at', 'given_key']);
  const get = prepare<{ id: string }, ConsentRow>((parameter) =>
    query.selectFrom('consents').select(columns).where('id', '=', parameter('id')),
  );
  const givenAt = prepare<{ key: string }, ConsentRow>((parameter) =>
    query.selectFrom('consents').select(columns).where('given_key', '=', parameter('key')),
  );
  const withdraw = prepare<WithdrawParameters, unknown>((parameter) =>
    query
      .updateTable('consents')
      .set({
        withdrawn_at: parameter('at'),
        withdrawn_by: parameter('by'),
        withdrawal_source: parameter('source'),
        sealed_reason: parameter('reason'),
        version: 2,
        decided_at: parameter('at'),
      })
      .where('id', '=', parameter('id'))
      .where('withdrawn_at', 'is', null),
  );
  const lastOf = (column: 'subject_id' | 'phone_hash' | 'email_hash'): Prepared<KnownParameters, ConsentRow> =>
    prepare<KnownParameters, ConsentRow>((parameter) =>
      query
        .selectFrom('consents')
        .select(columns)
        .where(column, '=', parameter('known'))
        .$if(column === 'subject_id', (select) => select.where('subject_kind', '=', parameter('kind')))
        .where('purpose', '=', parameter('purpose'))
        .orderBy('decided_at', 'desc')
        .limit(parameter('limit')),
    );
  const last = { subject: lastOf('subject_id'), phone: lastOf('phone_hash'), email: lastOf('email_hash') };

  return {
    ...personHashStore(context, 'consents'),
    insert: (unit, consent) => consents.insertOne(connectionOf(unit, 'ledger'), rowOf(consent)),
    async insertMissing(unit, given) {
      await consents.insertKeepingExisting(connectionOf(unit, 'ledger'), given.map(rowOf));
    },
    async givenAt(unit, { subject, purpose, partner, givenAt: at }) {
      const row = await givenAt.first(connectionOf(unit, 'ledger'), { key: keyOf(subject, purpose, partner, at) });
      return row && consentOf(row);
    },
    async get(unit, id) {
      const row = await get.first(readerFor(context, unit, 'ledger'), { id });
      return row && consentOf(row);
    },
    async withdraw(unit, id, { at, by, source, sealedReason }) {
      return (await withdraw.run(connectionOf(unit, 'ledger'), { id, at, by, source, reason: sealedReason })) === 1;
    },
    async ofPerson(unit, person, purpose, limit) {
      const reader = readerFor(context, unit, 'ledger');
      const rows = await rowsOfPerson(person, (by, known) =>
        last[by].all(reader, { known, kind: person.subject.kind, purpose, limit }),
      );
      return rows.map(consentOf);
    },
    async list({ subject, purpose, after, limit }) {
      let list = query
        .selectFrom('consents')
        .select(columns)
        .where('subject_id', '=', subject.id)
        .where('subject_kind', '=', subject.kind);
      if (purpose !== undefined) list = list.where('purpose', '=', purpose);
      if (after !== undefined) list = list.where('id', '<', after);
      const { rows } = await runQuery(context.reader, list.orderBy('id', 'desc').limit(limit));
      return rows.map(consentOf);
    },
  };
}

/** What two records of the same giving have in common. */
function keyOf(subject: ConsentPerson['subject'], purpose: string, partner: string | null, givenAt: Instant): string {
  return hash('sha256', JSON.stringify([subject.kind, subject.id, purpose, partner, givenAt]), 'base64url');
}

function rowOf(consent: StoredConsent): ConsentRow & Pick<Selectable<ConsentsTable>, 'decided_at' | 'given_key'> {
  const { person, wording, purpose, partner, givenAt, withdrawal } = consent;
  return {
    id: consent.id,
    ...personColumnsOf(person),
    purpose,
    partner,
    data_items: writeJson(consent.dataItems),
    wording_language: wording.language,
    wording_version: wording.version,
    wording_hash: wording.hash,
    source: consent.source,
    given_at: givenAt,
    expires_at: consent.expiresAt,
    recorded_at: consent.recordedAt,
    recorded_by: consent.recordedBy,
    sealed_evidence: consent.sealedEvidence,
    withdrawn_at: withdrawal?.at ?? null,
    withdrawn_by: withdrawal?.by ?? null,
    withdrawal_source: withdrawal?.source ?? null,
    sealed_reason: withdrawal?.sealedReason ?? null,
    version: consent.version,
    decided_at: withdrawal?.at ?? givenAt,
    given_key: keyOf(person.subject, purpose, partner, givenAt),
  };
}

function consentOf(row: ConsentRow): StoredConsent {
  return {
    id: row.id,
    person: personOf(row),
    purpose: row.purpose,
    partner: row.partner,
    dataItems: readJson(row.data_items),
    wording: { language: row.wording_language, version: row.wording_version, hash: row.wording_hash },
    source: row.source,
    givenAt: row.given_at,
    expiresAt: row.expires_at,
    recordedAt: row.recorded_at,
    recordedBy: row.recorded_by,
    sealedEvidence: row.sealed_evidence,
    withdrawal: withdrawalOf(row),
    version: row.version,
  };
}

function withdrawalOf(row: ConsentRow): StoredWithdrawal | null {
  const { withdrawn_at: at, withdrawn_by: by, withdrawal_source: source, sealed_reason: sealedReason } = row;
  return at === null || by === null || source === null ? null : { at, by, source, sealedReason };
}
