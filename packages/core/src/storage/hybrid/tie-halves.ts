import { LmsError } from '../../foundation/kernel/index.js';
import type { StoreHalf } from '../store-half.js';

/**
 * Sees to it that both halves are of one store. New ones get one id; a half without id or data, as a crash in here leaves it,
 * takes the id of the other, as long as that holds no data either: data beside an empty half mean a wrong address. Callers at once, in any number of processes, end with the same id:
 * all ask the documents first, and what counts is read back, not what was proposed.
 *
 * @param newId proposes an id for a new store
 * @returns the id of the store
 * @throws LmsError `STORE_MISCONFIGURED` when the halves are of two stores, or one holds data that nothing ties to the other
 */
export async function tieHalves(documents: StoreHalf, ledger: StoreHalf, newId: () => string): Promise<string> {
  const [inDocuments, inLedger] = await Promise.all([documents.id(), ledger.id()]);
  if (inDocuments !== null && inDocuments === inLedger) return inDocuments;
  const bothNew = inDocuments === null && inLedger === null;
  if (inDocuments === null && inLedger !== null) await requireNoDataBeside(documents, ledger, inLedger);
  if (inLedger === null && inDocuments !== null) await requireNoDataBeside(ledger, documents, inDocuments);
  const documentsId = inDocuments ?? (await idAfterOffer(documents, inLedger ?? newId(), bothNew));
  const ledgerId = inLedger ?? (documentsId === null ? null : await idAfterOffer(ledger, documentsId, bothNew));
  if (documentsId !== null && documentsId === ledgerId) return documentsId;
  throw notOneStore({ half: documents, id: documentsId }, { half: ledger, id: ledgerId });
}

/**
 * The data are looked for before the id is read: data found are then of the id that is read, or of none.
 * @param evenWithData for stores made before ids were kept: neither half has one
 */
async function idAfterOffer(half: StoreHalf, id: string, evenWithData: boolean): Promise<string | null> {
  if (evenWithData || !(await half.holdsData())) await half.takeId(id);
  return half.id();
}

/** Data are written only after both halves have the id: with data in one, an id that the other still lacks never came. */
async function requireNoDataBeside(newHalf: StoreHalf, half: StoreHalf, id: string): Promise<void> {
  if (!(await half.holdsData()) || (await newHalf.id()) !== null || (await newHalf.holdsData())) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message:
      `${half.server} holds the data of store ${id}, but ${newHalf.server} is new and empty: the two are not of one store. ` +
      'Check the MongoDB and MySQL addresses (host and database) of this store; if a server was lost, restore both from the same moment',
    details: { setting: 'store id', store: id },
  });
}

interface HalfWithId {
  readonly half: StoreHalf;
  readonly id: string | null;
}

function notOneStore(documents: HalfWithId, ledger: HalfWithId): LmsError {
  return new LmsError('STORE_MISCONFIGURED', {
    message:
      `${whose(documents)}, but ${whose(ledger)}: the two are not of one store. ` +
      'Check the MongoDB and MySQL addresses (host and database) of this store; if one server was restored from a backup, restore both from the same moment',
    details: { setting: 'store id', documents: documents.id, ledger: ledger.id },
  });
}

function whose({ half, id }: HalfWithId): string {
  return id === null ? `${half.server} holds data without a store id` : `${half.server} belongs to store ${id}`;
}
