import { deepStrictEqual, equal } from 'node:assert/strict';
import type { UniqueKeyHolder } from '../foundation/persistence/index.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { inUnit, refusalOf, together } from './together.js';

const callers = 24;

function keysOf(context: ConformanceContext, count: number): readonly UniqueKeyHolder[] {
  const holderId = context.ids.next<'lead'>();
  return Array.from({ length: count }, () => ({ scope: '*', rule: 'phone', hash: context.word('hash'), holderId }));
}

function heldBy(keys: readonly UniqueKeyHolder[], holderId: string): readonly UniqueKeyHolder[] {
  return keys.map((key) => ({ ...key, holderId }));
}

/** Unique keys through the life of their holders: deleted, restored, merged. */
export const keyLifeCases: readonly ConformanceCase[] = [
  {
    id: 'unique-keys/delete-and-restore',
    level: 'MUST',
    title:
      'keys given back by a deletion can be taken by another; the restored holder then meets it, and has them once they are free',
    async run(context) {
      const { storage, other } = context;
      const keys = keysOf(context, 2);
      const [first, second] = keys;
      if (first === undefined || second === undefined) return;
      const rival = { ...first, holderId: context.ids.next<'lead'>() };
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, keys));
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.release(unit, first.holderId));
      deepStrictEqual(await inUnit(other, 'documents', (unit) => other.uniqueKeys.claim(unit, [rival])), []);
      const refused = new Error('the restore is refused');
      const restore = (): Promise<void> =>
        inUnit(storage, 'documents', async (unit) => {
          const conflicts = await storage.uniqueKeys.claim(unit, keys);
          if (conflicts.length === 0) return;
          deepStrictEqual(conflicts, [{ claim: first, holderId: rival.holderId }]);
          throw refused;
        });
      equal(await refusalOf(restore(), 'the restore to be refused'), refused);
      deepStrictEqual(await other.uniqueKeys.holders(null, keys), [rival], 'a refused restore takes nothing');
      await inUnit(other, 'documents', (unit) => other.uniqueKeys.release(unit, rival.holderId));
      await restore();
      equal((await other.uniqueKeys.heldBy(null, first.holderId)).length, 2);
    },
  },
  {
    id: 'unique-keys/restore-race',
    level: 'MUST',
    title: 'of 24 callers who take back or take anew the key of a deleted lead one gets it, and the others see who',
    async run(context) {
      const { storage } = context;
      const [key] = keysOf(context, 1);
      if (key === undefined) return;
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, [key]));
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.release(unit, key.holderId));
      const claims = Array.from({ length: callers }, (_, caller) =>
        caller % 6 === 0 ? key : { ...key, holderId: context.ids.next<'lead'>() },
      );
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', (unit) => store.uniqueKeys.claim(unit, [claims[caller] ?? key])),
      );
      const [holder] = await storage.uniqueKeys.holders(null, [key]);
      for (const [caller, conflicts] of outcomes.entries()) {
        const claim: UniqueKeyHolder = claims[caller] ?? key;
        const isHolder = claim.holderId === holder?.holderId;
        deepStrictEqual(conflicts, isHolder ? [] : [{ claim, holderId: holder?.holderId }]);
      }
    },
  },
  {
    id: 'unique-keys/merge-race',
    level: 'MUST',
    title:
      'while keys pass from one holder to another in a unit nobody else gets one, and they move whole or not at all',
    async run(context) {
      const { storage } = context;
      const keys = keysOf(context, 3);
      const survivor = context.ids.next<'lead'>();
      const from = keys[0]?.holderId ?? survivor;
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, keys));
      const interruption = new Error('stop');
      const merge = (isStopped: boolean): Promise<void> =>
        inUnit(storage, 'documents', async (unit) => {
          await storage.uniqueKeys.release(unit, from);
          deepStrictEqual(await storage.uniqueKeys.claim(unit, heldBy(keys, survivor)), []);
          if (isStopped) throw interruption;
        });
      equal(await refusalOf(merge(true), 'the merge to stop'), interruption);
      deepStrictEqual(byHash(await storage.uniqueKeys.holders(null, keys)), byHash(keys));
      const [, ...conflicts] = await Promise.all([merge(false), ...rivals(context, keys, [from, survivor])]);
      equal(conflicts.flat().length, callers);
      deepStrictEqual(byHash(await storage.uniqueKeys.holders(null, keys)), byHash(heldBy(keys, survivor)));
    },
  },
];

/** Callers who want one key each, and must each be told of one of the holders. */
function rivals(
  context: ConformanceContext,
  keys: readonly UniqueKeyHolder[],
  holders: readonly string[],
): readonly Promise<readonly string[]>[] {
  return Array.from({ length: callers }, async (_, caller) => {
    const store = caller % 2 === 0 ? context.storage : context.other;
    const key = keys[caller % keys.length];
    if (key === undefined) return [];
    const claim = { ...key, holderId: context.ids.next<'lead'>() };
    const conflicts = await inUnit(store, 'documents', (unit) => store.uniqueKeys.claim(unit, [claim]));
    const told = conflicts.map(({ holderId }) => holderId);
    deepStrictEqual(
      told.filter((holderId) => !holders.includes(holderId)),
      [],
    );
    return told;
  });
}

function byHash(keys: readonly UniqueKeyHolder[]): readonly UniqueKeyHolder[] {
  return [...keys].sort((left, right) => (left.hash < right.hash ? -1 : 1));
}
