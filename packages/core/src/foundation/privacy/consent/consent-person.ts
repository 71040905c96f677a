import type { LookupHasher } from '../lookup-hasher.js';
import type { ConsentPerson, ConsentSubject } from './consent-store.js';

/** By what the person behind a subject is known. */
export interface KnownBy {
  readonly phone: string | null;
  readonly email: string | null;
}

/** The person as records know it: by keyed hashes. */
export function consentPerson(
  subject: ConsentSubject,
  { phone, email }: KnownBy,
  hasher: Pick<LookupHasher, 'hash'>,
): ConsentPerson {
  return {
    subject,
    phoneHash: phone === null ? null : hasher.hash('consent:phone', phone),
    emailHash: email === null ? null : hasher.hash('consent:email', email.toLowerCase()),
  };
}
