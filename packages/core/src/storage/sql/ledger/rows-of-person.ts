import type { ConsentPerson } from '../../../foundation/privacy/consent/consent-store.js';

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
