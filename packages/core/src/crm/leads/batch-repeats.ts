import { type Clock, LmsError } from '../../foundation/kernel/index.js';
import { commandRecord, replayOf } from '../../foundation/persistence/index.js';
import type { CheckOutcome, CreateOutcome } from './create-outcome.js';
import type { LeadClaim } from './prepare-lead.js';

/** An item that has the idempotency key of an earlier item of the same batch. */
interface BatchRepeat {
  readonly item: LeadClaim;
  readonly first: LeadClaim;
}

/** Parts the items that are the first with their idempotency key, or have none, from those that repeat one. */
export function splitRepeats<Item extends LeadClaim>(
  items: readonly Item[],
): {
  readonly firsts: readonly Item[];
  readonly repeats: readonly BatchRepeat[];
} {
  const firstOf = new Map<string, Item>();
  const firsts: Item[] = [];
  const repeats: BatchRepeat[] = [];
  for (const item of items) {
    const first = item.command === null ? undefined : firstOf.get(item.command.key);
    if (first !== undefined) {
      repeats.push({ item, first });
      continue;
    }
    if (item.command !== null) firstOf.set(item.command.key, item);
    firsts.push(item);
  }
  return { firsts, repeats };
}

/** Gives each repeat the outcome of the first, as if it had come in a later call. */
export function settleRepeats<Outcome extends CreateOutcome | CheckOutcome>(
  repeats: readonly BatchRepeat[],
  outcomes: Map<number, Outcome | { readonly kind: 'refused'; readonly error: LmsError }>,
  clock: Clock,
): void {
  for (const repeat of repeats) {
    const { index } = repeat.item;
    try {
      requireSameRequest(repeat, clock);
      const first = outcomes.get(repeat.first.index);
      if (first !== undefined) outcomes.set(index, replayed(first));
    } catch (error) {
      if (!LmsError.isInstance(error)) throw error;
      outcomes.set(index, { kind: 'refused', error });
    }
  }
}

/** @throws LmsError `IDEMPOTENCY_KEY_REUSED` when the two ask for different leads */
function requireSameRequest({ item, first }: BatchRepeat, clock: Clock): void {
  if (item.command === null || first.command === null) return;
  replayOf(item.command, commandRecord(first.command, { kind: 'lead', id: first.leadId, version: 1 }, clock), clock);
}

function replayed<Outcome extends CreateOutcome | CheckOutcome>(first: Outcome): Outcome {
  return 'replayed' in first ? { ...first, replayed: true } : first;
}
