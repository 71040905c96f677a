import type { LeadId } from '../../foundation/kernel/index.js';
import type { Unit } from '../../foundation/persistence/index.js';
import type { HeldKeys } from './held-keys.js';
import { keyText } from './lead-keys.js';
import type { LeadStore } from './lead-store.js';
import type { KeyedItem } from './prepare-lead.js';

export interface HolderPorts {
  readonly heldKeys: HeldKeys;
  readonly leads: LeadStore;
}

/** As {@link LeadStore.get} takes them. */
const mostIdsACall = 1000;

/** Ids of the leads that hold unique values of the items, by `keyText`. */
export async function holdersOf(
  { heldKeys }: HolderPorts,
  unit: Unit | null,
  items: readonly KeyedItem[],
): Promise<ReadonlyMap<string, string>> {
  const keys = items.flatMap((item) => item.keys);
  const holders = keys.length === 0 ? [] : await heldKeys.holders(unit, keys);
  return new Map(holders.map((holder) => [keyText(holder), holder.holderId]));
}

/** Numbers of leads by id. */
export async function numbersOf(
  { leads }: HolderPorts,
  unit: Unit | null,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Set(ids)] as LeadId[];
  const numbers = new Map<string, string>();
  for (let start = 0; start < distinct.length; start += mostIdsACall) {
    for (const lead of await leads.get(unit, distinct.slice(start, start + mostIdsACall)))
      numbers.set(lead.id, lead.number);
  }
  return numbers;
}
