import type {
  ConsentPerson,
  PersonHashes,
  PersonHashStore,
} from '../../../foundation/privacy/consent/consent-store.js';
import { type Prepared, prepare } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';

/** What rows about a person say of who it is. */
export interface PersonColumns {
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly phone_hash: string | null;
  readonly email_hash: string | null;
}

export function personColumnsOf({ subject, phoneHash, emailHash }: ConsentPerson): PersonColumns {
  return { subject_kind: subject.kind, subject_id: subject.id, phone_hash: phoneHash, email_hash: emailHash };
}

export function personOf(row: PersonColumns): ConsentPerson {
  return {
    subject: { kind: row.subject_kind, id: row.subject_id },
    phoneHash: row.phone_hash,
    emailHash: row.email_hash,
  };
}

/** What a person is known by. */
export type KnownBy = 'subject' | 'phone' | 'email';

/** Rows of the subject and of whoever has the same phone or email, each once; one look-up by an index for each that is known. */
export async function rowsOfPerson<Row extends { readonly id: string }>(
  { subject, phoneHash, emailHash }: ConsentPerson,
  read: (by: KnownBy, known: string) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const known: readonly (readonly [KnownBy, string | null])[] = [
    ['subject', subject.id],
    ['phone', phoneHash],
    ['email', emailHash],
  ];
  const rows = new Map<string, Row>();
  for (const [by, value] of known) {
    if (value === null) continue;
    for (const row of await read(by, value)) rows.set(row.id, row);
  }
  return [...rows.values()];
}

type HashRow = Pick<PersonColumns, 'phone_hash' | 'email_hash'> & { readonly id: string };

/** The walk over the hashes of a table, and their change for others. */
export function personHashStore(context: SqlContext, table: 'consents' | 'contact_blocks'): PersonHashStore {
  const { query } = context.flavour;
  const next = prepare<{ after: string; limit: number }, HashRow>((parameter) =>
    query
      .selectFrom(table)
      .select(['id', 'phone_hash', 'email_hash'])
      .where('id', '>', parameter('after'))
      .orderBy('id')
      .limit(parameter('limit')),
  );
  type Rehash = Prepared<{ readonly id: string; readonly from: string; readonly to: string }, unknown>;
  const rehash: Readonly<Record<'phoneHash' | 'emailHash', Rehash>> = {
    phoneHash: prepare((parameter) =>
      query
        .updateTable(table)
        .set({ phone_hash: parameter('to') })
        .where('id', '=', parameter('id'))
        .where('phone_hash', '=', parameter('from')),
    ),
    emailHash: prepare((parameter) =>
      query
        .updateTable(table)
        .set({ email_hash: parameter('to') })
        .where('id', '=', parameter('id'))
        .where('email_hash', '=', parameter('from')),
    ),
  };
  return {
    async personHashes(after, limit) {
      const rows = await next.all(context.scanner, { after: after ?? '', limit });
      return rows.map((row): PersonHashes => ({ id: row.id, phoneHash: row.phone_hash, emailHash: row.email_hash }));
    },
    async rehash(unit, hashes) {
      const connection = connectionOf(unit, 'ledger');
      let changed = 0;
      for (const { id, by, from, to } of hashes) changed += await rehash[by].run(connection, { id, from, to });
      return changed;
    },
  };
}
