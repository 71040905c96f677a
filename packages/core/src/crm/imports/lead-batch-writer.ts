import type { Actor } from '../../foundation/kernel/index.js';
import type { CheckOutcome, CreateItem, CreateOutcome, DryRunClaims } from '../leads/index.js';

/**
 * Makes leads in batches; LeadService is one.
 *
 * MUST: one outcome an item, in the order of the items; a refused item never stops the others. What is created is committed
 * when the promise resolves; when it rejects (store down, `PERMISSION_DENIED`) nothing of this call is, and the very same
 * call may be repeated. Of two items of a call with the same unique value the first is created, the later are its
 * duplicates.
 */
export interface LeadBatchWriter {
  createMany(actor: Actor, items: readonly CreateItem[]): Promise<readonly CreateOutcome[]>;
  /** The outcomes that {@link createMany} would have on the same store, without writing. */
  checkMany(actor: Actor, items: readonly CreateItem[], claims: DryRunClaims): Promise<readonly CheckOutcome[]>;
}
