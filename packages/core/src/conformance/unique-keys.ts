import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { type LeadId, parseId } from '../foundation/kernel/index.js';
import type { UniqueKey, UniqueKeyHolder } from '../foundation/persistence/index.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { sampleLead } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 24;

function claimOf(context: ConformanceContext, change: Partial<UniqueKeyHolder> = {}): UniqueKeyHolder {
  return {
    scope: 'personal-loan',
    rule: 'phone',
    hash: context.word('hash'),
    holderId: context.ids.next<'lead'>(),
    ...change,
  };
}

export const uniqueKeyCases: readonly ConformanceCase[] = [
  {
    id: 'unique-keys/race',
    level: 'MUST',
    title: 'of 24 callers at once exactly one gets a key, and every other sees that one as holder',
    async run(context) {
      const { storage } = context;
      const hash = context.word('hash');
      const claims = Array.from({ length: callers }, () => claimOf(context, { hash }));
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', async (unit) => {
          const claim = claims[caller];
          ok(claim !== undefined);
          const conflicts = await store.uniqueKeys.claim(unit, [claim]);
          if (conflicts.length === 0) await store.leads.insert(unit, [sampleLead(context, { id: leadIdOf(claim) })]);
          return conflicts;
        }),
      );
      const winners = claims.filter((_, caller) => outcomes[caller]?.length === 0);
      equal(winners.length, 1, 'callers that got the key');
      deepStrictEqual(await storage.uniqueKeys.holders(null, claims.slice(0, 1)), winners);
      for (const [caller, conflicts] of outcomes.entries()) {
        if (claims[caller] === winners[0]) continue;
        deepStrictEqual(conflicts, [{ claim: claims[caller], holderId: winners[0]?.holderId }]);
      }
      const leads = await storage.leads.get(null, claims.map(leadIdOf));
      deepStrictEqual(
        leads.map((lead) => lead.id),
        winners.map((claim) => claim.holderId),
      );
    },
  },
  {
    id: 'unique-keys/overlapping-race',
    level: 'MUST',
    title: 'callers at once with overlapping pairs of keys: every key has one holder, who was told so',
    async run(context) {
      const { storage } = context;
      const keys = Array.from({ length: 6 }, () => context.word('hash'));
      const outcomes = await together(context, callers, (store, caller) => {
        const holderId = context.ids.next<'lead'>();
        const wanted = [keys[caller % 6], keys[(caller * 5 + 1) % 6]].filter((hash) => hash !== undefined);
        const claims = [...new Set(wanted)].map((hash) => claimOf(context, { hash, holderId }));
        return inUnit(store, 'documents', async (unit) => {
          const conflicts = await store.uniqueKeys.claim(unit, claims);
          const lost = new Set(conflicts.map((conflict) => conflict.claim.hash));
          return claims.filter((claim) => !lost.has(claim.hash));
        });
      });
      const told = outcomes.flat().sort((left, right) => (left.hash < right.hash ? -1 : 1));
      const held = await storage.uniqueKeys.holders(
        null,
        keys.map((hash) => claimOf(context, { hash })),
      );
      deepStrictEqual(
        [...held].sort((left, right) => (left.hash < right.hash ? -1 : 1)),
        told,
      );
      equal(told.length, 6);
    },
  },
  {
    id: 'unique-keys/same-holder',
    level: 'MUST',
    title: 'a holder that claims its own key again meets no conflict, alone or beside a new key',
    async run(context) {
      const { storage } = context;
      const claim = claimOf(context);
      const more = claimOf(context, { holderId: claim.holderId });
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, [claim]));
      deepStrictEqual(await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, [claim, more])), []);
      equal((await storage.uniqueKeys.heldBy(null, claim.holderId)).length, 2);
    },
  },
  {
    id: 'unique-keys/one-call',
    level: 'MUST',
    title:
      'in one call the first claim of a key wins and later ones conflict with it; free keys are taken all the same',
    async run(context) {
      const { storage } = context;
      const first = claimOf(context);
      const second = claimOf(context, { hash: first.hash });
      const beside = claimOf(context, { holderId: second.holderId });
      const conflicts = await inUnit(storage, 'documents', (unit) =>
        storage.uniqueKeys.claim(unit, [first, second, beside]),
      );
      deepStrictEqual(conflicts, [{ claim: second, holderId: first.holderId }]);
      const held = await storage.uniqueKeys.holders(null, [first, beside]);
      deepStrictEqual(new Set(held.map((key) => key.holderId)), new Set([first.holderId, beside.holderId]));
    },
  },
  {
    id: 'unique-keys/release',
    level: 'MUST',
    title: 'released keys can be claimed by another in the same unit; keys of others stay',
    async run(context) {
      const { storage, other } = context;
      const mine = claimOf(context);
      const kept = claimOf(context, { holderId: mine.holderId, rule: 'email' });
      const theirs = claimOf(context);
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, [mine, kept, theirs]));
      const taken = { ...mine, holderId: context.ids.next<'lead'>() };
      const conflicts = await inUnit(storage, 'documents', async (unit) => {
        await storage.uniqueKeys.release(unit, mine.holderId, [mine, theirs]);
        return storage.uniqueKeys.claim(unit, [taken]);
      });
      deepStrictEqual(conflicts, []);
      deepStrictEqual(await other.uniqueKeys.heldBy(null, mine.holderId), [keyOf(kept)]);
      deepStrictEqual(await other.uniqueKeys.holders(null, [theirs]), [theirs]);
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.release(unit, mine.holderId));
      deepStrictEqual(await other.uniqueKeys.heldBy(null, mine.holderId), []);
      deepStrictEqual(await other.uniqueKeys.holders(null, [kept, taken]), [taken]);
    },
  },
  {
    id: 'unique-keys/byte-wise',
    level: 'MUST',
    title: 'keys that differ only in case, accent, trailing space, scope or rule are different keys',
    async run(context) {
      const { storage, other } = context;
      const stem = context.word('hash');
      const claims = [
        claimOf(context, { hash: `${stem}-e` }),
        claimOf(context, { hash: `${stem}-E` }),
        claimOf(context, { hash: `${stem}-é` }),
        claimOf(context, { hash: `${stem}-e ` }),
        claimOf(context, { hash: `${stem}-e`, scope: '*' }),
        claimOf(context, { hash: `${stem}-e`, scope: 'insurance' }),
        claimOf(context, { hash: `${stem}-e`, rule: 'Phone' }),
      ];
      deepStrictEqual(await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, claims)), []);
      const held = await other.uniqueKeys.holders(null, claims);
      deepStrictEqual(new Set(held.map((key) => key.holderId)), new Set(claims.map((claim) => claim.holderId)));
    },
  },
  {
    id: 'unique-keys/walk',
    level: 'MUST',
    title: 'a walk over all keys finds each holder once, with all of its keys, however short its pages',
    async run(context) {
      const { storage, other } = context;
      const before = context.ids.next<'lead'>();
      const holders = Array.from({ length: 5 }, () => context.ids.next<'lead'>());
      const claims = holders.flatMap((holderId) => [1, 2, 3].map(() => claimOf(context, { holderId })));
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, claims));
      for (const limit of [1, 4, 1000]) {
        const walked: UniqueKeyHolder[] = [];
        let after: string | null = before;
        for (;;) {
          const page: readonly UniqueKeyHolder[] = await other.uniqueKeys.list(after, limit);
          const last = page.at(-1);
          if (last === undefined) break;
          ok(after === null || page.every(({ holderId }) => after === null || holderId > after), 'after the last');
          walked.push(...page.filter(({ holderId }) => holders.some((holder) => holder === holderId)));
          after = last.holderId;
        }
        deepStrictEqual(byText(walked), byText(claims), `pages of ${limit}`);
      }
    },
  },
];

function leadIdOf(claim: UniqueKeyHolder): LeadId {
  return parseId<'lead'>(claim.holderId);
}

function keyOf({ scope, rule, hash }: UniqueKeyHolder): UniqueKey {
  return { scope, rule, hash };
}

function byText(keys: readonly UniqueKeyHolder[]): readonly string[] {
  return keys.map(({ scope, rule, hash, holderId }) => [holderId, scope, rule, hash].join(' ')).sort();
}
