import { type LeadId, LmsError } from '../../../foundation/kernel/index.js';
import type {
  UniqueKey,
  UniqueKeyHolder,
  UniqueKeys,
  Unit,
  UnitOfWork,
} from '../../../foundation/persistence/index.js';
import {
  type LookupKeys,
  type LookupRing,
  type LookupRows,
  type LookupStep,
  requireRing,
} from '../../../foundation/privacy/index.js';
import { keyText } from '../lead-keys.js';
import type { LeadStore } from '../lead-store.js';

interface UniqueKeyRowPorts {
  readonly uniqueKeys: UniqueKeys;
  readonly leads: Pick<LeadStore, 'getForChange'>;
  readonly lookupKeys: LookupKeys;
  readonly unitOfWork: UnitOfWork;
}

const pageSize = 500;
/** Few, so that who changes one of them does not wait long. */
const holdersOfUnit = 20;

/**
 * Unique values, by the leads that hold them. Taking one over leaves the older key where it is and has the same lead hold the newer one beside it;
 * clearing removes the older ones that have a newer one beside them.
 */
export function uniqueKeyRows(ports: UniqueKeyRowPorts): LookupRows {
  return {
    kind: 'uniqueKeys',
    async step(after, work, ring): Promise<LookupStep> {
      const page = await ports.uniqueKeys.list(after, pageSize);
      const next = page.at(-1)?.holderId ?? null;
      const lone = withoutTwin(page, ring);
      const found = work === 'take-over' ? lone : page.filter(({ hash }) => ring.isBehind(hash));
      let changed = 0;
      // Also while clearing: an earlier release may have claimed under the older key alone, and nothing may be free that is held.
      if (work !== 'count') changed += await ofHolders(lone, (holders) => takeOver(ports, holders, ring));
      if (work === 'clear') changed += await ofHolders(found, (holders) => clear(ports, holders, ring));
      return { next, looked: page.length, found: found.length, changed };
    },
  };
}

async function ofHolders(
  keys: readonly UniqueKeyHolder[],
  change: (holders: readonly string[]) => Promise<number>,
): Promise<number> {
  const holders = [...new Set(keys.map(({ holderId }) => holderId))];
  let changed = 0;
  for (let start = 0; start < holders.length; start += holdersOfUnit) {
    changed += await change(holders.slice(start, start + holdersOfUnit));
  }
  return changed;
}

/** Keys of an older generation whose newer one the same holder does not have. */
function withoutTwin<Key extends UniqueKey>(keys: readonly Key[], ring: LookupRing): readonly Key[] {
  const held = new Set(keys.map(keyText));
  return keys.filter((key) => ring.isBehind(key.hash) && !held.has(keyText(twinOf(key, ring))));
}

function twinOf({ scope, rule, hash }: UniqueKey, ring: LookupRing): UniqueKey {
  return { scope, rule, hash: ring.newest(hash) };
}

/**
 * A lead that gives a value back meanwhile must not get it again: its row is locked, and the key that it has is written anew beside the other, so
 * that where no row is locked the two units collide.
 */
function takeOver(ports: UniqueKeyRowPorts, holders: readonly string[], ring: LookupRing): Promise<number> {
  const { uniqueKeys, leads, lookupKeys, unitOfWork } = ports;
  return unitOfWork.run('documents', async (unit) => {
    await requireRing(lookupKeys, unit, ring);
    for (const holder of holders) await leads.getForChange(unit, holder as LeadId);
    let changed = 0;
    for (const holderId of holders) {
      const lone = withoutTwin(await uniqueKeys.heldBy(unit, holderId), ring);
      if (lone.length === 0) continue;
      await uniqueKeys.release(unit, holderId, lone);
      const both = [...lone, ...lone.map((key) => twinOf(key, ring))];
      await claim(
        uniqueKeys,
        unit,
        both.map((key) => ({ ...key, holderId })),
      );
      changed += lone.length;
    }
    return changed;
  });
}

async function claim(uniqueKeys: UniqueKeys, unit: Unit, claims: readonly UniqueKeyHolder[]): Promise<void> {
  const [conflict] = await uniqueKeys.claim(unit, claims);
  if (conflict === undefined) return;
  throw new LmsError('STORE_CONFLICT', {
    message: `leads ${conflict.claim.holderId} and ${conflict.holderId} hold the same unique value of ${conflict.claim.rule}: was one of them written by an earlier release? Change or delete one, and rotate again`,
  });
}

function clear(ports: UniqueKeyRowPorts, holders: readonly string[], ring: LookupRing): Promise<number> {
  const { uniqueKeys, lookupKeys, unitOfWork } = ports;
  return unitOfWork.run('documents', async (unit) => {
    await requireRing(lookupKeys, unit, ring);
    let changed = 0;
    for (const holderId of holders) {
      const held = await uniqueKeys.heldBy(unit, holderId);
      const lone = new Set(withoutTwin(held, ring));
      const behind = held.filter((key) => ring.isBehind(key.hash) && !lone.has(key));
      await uniqueKeys.release(unit, holderId, behind);
      changed += behind.length;
    }
    return changed;
  });
}
