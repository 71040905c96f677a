import type { LeadId } from '../../foundation/kernel/index.js';
import type { DryRunClaims, DuplicateHolder, HeldValue } from './create-outcome.js';
import { keyText } from './lead-keys.js';
import type { LineDefinition } from './line-reader.js';
import type { KeyedItem, LeadClaim } from './prepare-lead.js';

interface Lined {
  readonly line: Pick<LineDefinition, 'schema'>;
}

/** Decides in the order of the request: the first to want a free value gets it. */
export function contest<Item extends LeadClaim>(
  items: readonly Item[],
  holders: ReadonlyMap<string, string>,
): { winners: readonly Item[]; losers: readonly { item: Item; held: readonly HeldValue[] }[] } {
  const taken = new Map(holders);
  const winners: Item[] = [];
  const losers: { item: Item; held: readonly HeldValue[] }[] = [];
  for (const item of items) {
    const held = heldValues(item, taken);
    if (held.length > 0) {
      losers.push({ item, held });
      continue;
    }
    for (const key of item.keys) taken.set(keyText(key), item.leadId);
    winners.push(item);
  }
  return { winners, losers };
}

export function heldValues(item: KeyedItem, holders: ReadonlyMap<string, string>): readonly HeldValue[] {
  return item.keys.flatMap((key) => {
    const holderId = holders.get(keyText(key));
    return holderId === undefined ? [] : [{ rule: key.rule, holderId }];
  });
}

/** Whoever holds the values, also leads that the actor may not see: `veiledHolders` before it is told. */
export function named(
  item: Lined,
  held: readonly HeldValue[],
  numbers: ReadonlyMap<string, string>,
): readonly DuplicateHolder[] {
  return held.map(({ rule, holderId }) => ({
    rule,
    fields: fieldsOfRule(item, rule),
    leadId: holderId as LeadId,
    number: numbers.get(holderId) ?? null,
    hidden: false,
    reference: null,
  }));
}

export function claimedEarlier(item: KeyedItem, claims: DryRunClaims): readonly DuplicateHolder[] {
  return item.keys.flatMap((key) => {
    const reference = claims.holder(key);
    if (reference === null) return [];
    const rule = { rule: key.rule, fields: fieldsOfRule(item, key.rule) };
    return [{ ...rule, leadId: null, number: null, hidden: false, reference }];
  });
}

function fieldsOfRule(item: Lined, name: string): readonly string[] {
  return item.line.schema.unique.find((rule) => rule.name === name)?.fields ?? [];
}
