import type { Unit } from '../../persistence/index.js';
import type { LookupKeys } from '../lookup-keys.js';
import type { LookupRing } from '../lookup-ring.js';
import type { ConsentPerson, ConsentStore, ContactBlockStore } from './consent-store.js';

interface Recorded {
  readonly id: string;
  readonly person: ConsentPerson;
}

/** Consents kept under the newest look-up key, and found under each that there ever was. */
export function consentsUnderRing(store: ConsentStore, keys: LookupKeys): ConsentStore {
  return {
    ...store,
    insert: async (unit, consent) => store.insert(unit, keptOne(consent, await keys.forRecords(unit))),
    insertMissing: async (unit, consents) => store.insertMissing(unit, await kept(keys, unit, consents)),
    ofPerson: (unit, person, purpose, limit) =>
      asked(keys, unit, person, (each) => store.ofPerson(unit, each, purpose, limit)),
  };
}

/** Contact blocks, in the same way. */
export function blocksUnderRing(store: ContactBlockStore, keys: LookupKeys): ContactBlockStore {
  return {
    ...store,
    insert: async (unit, block) => store.insert(unit, keptOne(block, await keys.forRecords(unit))),
    insertMissing: async (unit, blocks) => store.insertMissing(unit, await kept(keys, unit, blocks)),
    ofPerson: (unit, person, limit) => asked(keys, unit, person, (each) => store.ofPerson(unit, each, limit)),
  };
}

async function kept<Row extends Recorded>(keys: LookupKeys, unit: Unit, rows: readonly Row[]): Promise<readonly Row[]> {
  const ring = await keys.forRecords(unit);
  return rows.map((row) => keptOne(row, ring));
}

function keptOne<Row extends Recorded>(row: Row, ring: LookupRing): Row {
  const { phoneHash, emailHash } = row.person;
  const person = {
    ...row.person,
    phoneHash: phoneHash === null ? null : ring.newest(phoneHash),
    emailHash: emailHash === null ? null : ring.newest(emailHash),
  };
  return { ...row, person };
}

/** Each record once. Oldest hashes first: a record that is taken over between two reads is found by the second. */
function asked<Row extends Recorded>(
  keys: LookupKeys,
  unit: Unit | null,
  person: ConsentPerson,
  read: (person: ConsentPerson) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  return keys.asking(unit, async (ring) => {
    const phones = person.phoneHash === null ? [null] : ring.everyOf(person.phoneHash);
    const emails = person.emailHash === null ? [null] : ring.everyOf(person.emailHash);
    const rows = new Map<string, Row>();
    for (let at = 0; at < Math.max(phones.length, emails.length); at += 1) {
      const known = { ...person, phoneHash: phones[at] ?? null, emailHash: emails[at] ?? null };
      for (const row of await read(known)) rows.set(row.id, likened(row, person, ring));
    }
    return [...rows.values()];
  });
}

/** With the hashes of who was asked for where they are of the same phone or email, so that they can be compared. */
function likened<Row extends Recorded>(row: Row, person: ConsentPerson, ring: LookupRing): Row {
  const like = (kept: string | null, wanted: string | null): string | null =>
    kept !== null && wanted !== null && ring.newest(kept) === ring.newest(wanted) ? wanted : kept;
  const phoneHash = like(row.person.phoneHash, person.phoneHash);
  const emailHash = like(row.person.emailHash, person.emailHash);
  return { ...row, person: { ...row.person, phoneHash, emailHash } };
}
