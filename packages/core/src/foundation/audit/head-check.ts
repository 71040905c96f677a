import type { Unit } from '../persistence/index.js';
import type { AuditChainStore, SignedHead } from './audit-chain-store.js';
import type { HeadKey } from './head-key.js';

/** A head, and what is wrong with it. */
export interface CheckedHead {
  /** null before anything was sealed, or where somebody has taken it away. */
  readonly head: SignedHead | null;
  /** In words; null where the trail may be sealed after it. */
  readonly problem: string | null;
}

const mostTries = 5;

/**
 * Whether the trail ends where its head says: the head is signed, no day has a later one, and no row lies after it. Three look-ups, however
 * long the trail is. What lies before the head is for verifying.
 * @param openKey asked for only where there is a head
 * @param unit the unit that has read the head; null where it was read as it is committed
 */
export async function headProblem(
  chain: AuditChainStore,
  openKey: () => Promise<HeadKey>,
  { head, unit }: { readonly head: SignedHead | null; readonly unit: Unit | null },
): Promise<string | null> {
  if (head !== null && !(await openKey()).signed(head)) {
    return `its head (position ${head.position}) is not signed by this store: somebody else has written it`;
  }
  const day = await chain.lastDay(unit);
  const end = head?.position ?? 0;
  if (day !== null && (day.position > end || (day.position === end && day.chainHash !== head?.chainHash))) {
    const there = `the head of ${day.day} is at position ${day.position}`;
    return head === null ? `its head is gone: ${there}` : `its head (position ${end}) is not its last: ${there}`;
  }
  if (!(await chain.hasRowsAfter(unit, end))) return null;
  return head === null ? 'its head is gone: there are sealed rows' : `sealed rows lie after its head (position ${end})`;
}

/** The head as it is committed. What sealers change meanwhile is no problem. */
export async function checkedHead(chain: AuditChainStore, openKey: () => Promise<HeadKey>): Promise<CheckedHead> {
  for (let tries = 1; ; tries += 1) {
    const head = await chain.head(null);
    const problem = await headProblem(chain, openKey, { head, unit: null });
    if (problem === null || !(await hasMoved(chain, head))) return { head, problem };
    if (tries === mostTries) return { head, problem: null };
  }
}

/** Whether others have sealed since the head was read. */
export async function hasMoved(chain: AuditChainStore, head: SignedHead | null): Promise<boolean> {
  return ((await chain.head(null))?.position ?? 0) > (head?.position ?? 0);
}
