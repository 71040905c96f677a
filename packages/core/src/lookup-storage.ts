import { askedUnderRing, factsUnderRing, leadRows, uniqueKeyRows } from './crm/leads/index.js';
import {
  blocksUnderRing,
  consentsUnderRing,
  type LookupKeys,
  type LookupRowKind,
  type LookupRows,
  personRows,
} from './foundation/privacy/index.js';
import type { Storage } from './storage/storage.js';

/**
 * A storage whose look-ups by hash ask under every look-up key. Above it a value is known by its hash under the first key alone. Unique values and
 * leads are not among them: their units write under the keys of their moment (`HeldKeys`).
 */
export function lookupStorage(storage: Storage, keys: LookupKeys): Storage {
  return {
    ...storage,
    facts: factsUnderRing(storage.facts, keys),
    reports: {
      ...storage.reports,
      funnel: (filter) => askedUnderRing(keys, filter, (each) => storage.reports.funnel(each)),
    },
    consents: consentsUnderRing(storage.consents, keys),
    contactBlocks: blocksUnderRing(storage.contactBlocks, keys),
  };
}

/** What a rotation of the look-up key walks over. */
export function lookupRowsOf(storage: Storage, lookupKeys: LookupKeys): Readonly<Record<LookupRowKind, LookupRows>> {
  const { uniqueKeys, leads, consents, contactBlocks, unitOfWork } = storage;
  return {
    uniqueKeys: uniqueKeyRows({ uniqueKeys, leads, lookupKeys, unitOfWork }),
    leads: leadRows({ leads, lookupKeys, unitOfWork }),
    consents: personRows({ kind: 'consents', store: consents, unitOfWork }),
    contactBlocks: personRows({ kind: 'contactBlocks', store: contactBlocks, unitOfWork }),
  };
}
