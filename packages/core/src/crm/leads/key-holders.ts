import type { LeadId } from '../../foundation/kernel/index.js';
import type { UniqueKeys, Unit } from '../../foundation/persistence/index.js';
import { keyText } from './lead-keys.js';
import type { LeadStore } from './lead-store.js';
import type { KeyedItem } from './prepare-lead.js';

export interface HolderPorts {
  readonly uniqueKeys: UniqueKeys;
  readonly leads: LeadStore;
}

/** As {@link LeadStore.get} takes them. */
const mostIdsACall = 1000;
/** As {@link UniqueKeys.holders} takes them. */
const mostKeysACall = 10_000;

/** Ids of the leads that hold unique values of the items, by `keyText`. */
export async function holdersOf(
  { uniqueKeys }: HolderPorts,
  unit: Unit | null,
  items: readonly KeyedItem[],
): Promise<ReadonlyMap<string, string>> {
  const keys = items.flatMap((item) => item.keys);
  const found = new Map<string, string>();
  for (let start = 0; start < keys.length; start += mostKeysACall) {
    const holders = await uniqueKeys.holders(unit, keys.slice(start, start + mostKeysACall));
    for (const holder of holders) found.set(keyText(holder), holder.holderId);
  }
  return found;
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
