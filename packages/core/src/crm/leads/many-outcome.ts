import { type ErrorCategory, LmsError } from '../../foundation/kernel/index.js';
import type { Lead } from './lead.js';

/** What became of one lead of a batch. `lead` repeats how the caller named it. */
export type ItemOutcome =
  | { readonly lead: string; readonly ok: true; readonly number: string; readonly version: number }
  | { readonly lead: string; readonly ok: false; readonly error: LmsError };

/** Turns a refusal of one item into its outcome; what is wrong with the store, or a stop, ends the batch. */
export async function itemOutcome(lead: string, work: () => Promise<Lead>): Promise<ItemOutcome> {
  try {
    const changed = await work();
    return { lead, ok: true, number: changed.number, version: changed.version };
  } catch (error) {
    if (!LmsError.isInstance(error) || !isRefusal(error)) throw error;
    return { lead, ok: false, error };
  }
}

const ofTheItem: ReadonlySet<ErrorCategory> = new Set(['input', 'forbidden', 'not-found', 'conflict']);

/** True for what refuses one item; false for what is wrong with the store, or a stop, which ends the whole batch. */
export function isRefusal(error: LmsError): boolean {
  return ofTheItem.has(error.category) && !error.retryable;
}

/** @throws LmsError `LIMIT_EXCEEDED`, `INPUT_INVALID` for what is no list of objects */
export function checkInBatch(items: readonly unknown[], most: number): void {
  if (!Array.isArray(items))
    throw new LmsError('INPUT_INVALID', { message: 'expected a list of items', path: '(items)' });
  if (items.length > most) {
    throw new LmsError('LIMIT_EXCEEDED', {
      message: `one call takes at most ${most} items, not ${items.length}; split the batch`,
      details: { limit: most, given: items.length },
    });
  }
  const wrong = items.findIndex((item) => typeof item !== 'object' || item === null);
  if (wrong === -1) return;
  throw new LmsError('INPUT_INVALID', { message: `item ${wrong + 1} is no object`, path: `items[${wrong}]` });
}
