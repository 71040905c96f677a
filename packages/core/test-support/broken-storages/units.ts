import { type Breakage, breaking } from './breaking.js';

const lossyOutbox = breaking('outbox', () => ({ append: async () => {} }));
const alwaysReplaced = breaking('leads', () => ({ replace: async () => true }));
const silentConflicts = breaking('uniqueKeys', (real) => ({
  async claim(unit, claims) {
    await real.claim(unit, claims);
    return [];
  },
}));
const halfRollback = breaking('unitOfWork', (real) => ({
  async run(home, work, options) {
    const outcome = await real.run(
      home,
      async (unit) => {
        try {
          return { done: true as const, result: await work(unit) };
        } catch (error) {
          return { done: false as const, error };
        }
      },
      options,
    );
    if (!outcome.done) throw outcome.error;
    return outcome.result;
  },
}));
const forgetfulCommands = breaking('commands', () => ({ record: async () => {} }));
const neverRepeated = breaking('unitOfWork', (real) => ({
  run(home, work, options) {
    let isBegun = false;
    return real.run(
      home,
      async (unit) => {
        if (isBegun) throw new Error('the unit was ended and is not repeated');
        isBegun = true;
        return work(unit);
      },
      options,
    );
  },
}));

/** Storages that break what is promised of units of work, unique keys, numbers and what waits to be told. */
export const brokenUnits: Readonly<Record<string, Breakage>> = {
  'create/whole-unit': lossyOutbox,
  'create/read-in-unit': breaking('leads', (real) => ({ get: (_unit, ids) => real.get(null, ids) })),
  'create/many': breaking('leads', (real) => ({
    scan: async (after, limit) => [...(await real.scan(after, limit))].reverse(),
  })),
  'create/same-id-refused': breaking('leads', (real) => ({
    async insert(unit, leads) {
      const ids = await real.get(
        unit,
        leads.map((lead) => lead.id),
      );
      const numbers = await real.idsByNumber(
        unit,
        leads.map((lead) => lead.number),
      );
      if (ids.length + numbers.size === 0) await real.insert(unit, leads);
    },
  })),
  'create/old-activities': breaking('leads', (real) => ({
    olderActivities: async (id, before, limit) => ({
      ...(await real.olderActivities(id, before, limit)),
      hasMore: false,
    }),
  })),
  'compare-and-swap/stale': alwaysReplaced,
  'compare-and-swap/lead-race': alwaysReplaced,
  'compare-and-swap/no-lost-update': alwaysReplaced,
  'compare-and-swap/for-change': breaking('leads', (real) => ({
    getForChange: async (_unit, id) => (await real.get(null, [id]))[0] ?? null,
  })),
  'compare-and-swap/line-head': breaking('definitions', (real) => ({
    async insertHead(unit, head) {
      await real.insertHead(unit, head);
      return true;
    },
  })),
  'compare-and-swap/user': breaking('users', () => ({ replace: async () => true })),
  'compare-and-swap/import-receipt': breaking('importReceipts', () => ({ save: async () => true })),
  'saved-mappings/one-name': breaking('savedMappings', (real) => ({
    async insert(unit, mapping) {
      await real.insert(unit, mapping);
      return true;
    },
  })),
  'saved-mappings/stale': breaking('savedMappings', () => ({ replace: async () => true })),
  'saved-mappings/list': breaking('savedMappings', (real) => ({
    list: ({ after: _after, ...query }) => real.list(query),
  })),
  'compare-and-swap/import-run': breaking('importRuns', () => ({ replace: async () => false })),
  'unique-keys/race': silentConflicts,
  'unique-keys/overlapping-race': silentConflicts,
  'unique-keys/same-holder': breaking('uniqueKeys', (real) => ({
    async claim(unit, claims) {
      const held = await real.holders(unit, claims);
      const free = claims.filter((claim) => !held.some((key) => key.hash === claim.hash));
      await real.claim(unit, free);
      return claims.filter((claim) => !free.includes(claim)).map((claim) => ({ claim, holderId: claim.holderId }));
    },
  })),
  'unique-keys/one-call': silentConflicts,
  // Cuts a page where it is full, in the midst of a holder.
  'unique-keys/walk': breaking('uniqueKeys', (real) => ({
    list: async (after, limit) => (await real.list(after, limit)).slice(0, limit),
  })),
  'unique-keys/release': breaking('uniqueKeys', () => ({ release: async () => {} })),
  'unique-keys/byte-wise': breaking('uniqueKeys', (real) => ({
    claim: (unit, claims) =>
      real.claim(
        unit,
        claims.map((claim) => ({ ...claim, hash: claim.hash.toLowerCase() })),
      ),
  })),
  'unique-keys/delete-and-restore': silentConflicts,
  'unique-keys/restore-race': silentConflicts,
  'unique-keys/merge-race': silentConflicts,
  'collisions/deadlock': neverRepeated,
  'collisions/lost-connection': neverRepeated,
  'collisions/committed-only': breaking('leads', (real) => {
    const cache = new Map<string, ReturnType<typeof real.get>>();
    return {
      get(unit, ids) {
        const kept = cache.get(ids.join()) ?? real.get(unit, ids);
        cache.set(ids.join(), kept);
        return kept;
      },
    };
  }),
  'collisions/readers-go-on': breaking('leads', (real) => ({
    get: (unit, ids) =>
      new Promise((resolve, reject) => {
        setTimeout(() => real.get(unit, ids).then(resolve, reject), 2_200);
      }),
  })),
  'collisions/many-workers': breaking('importReceipts', () => ({ get: async () => null, save: async () => true })),
  'rollback/documents': halfRollback,
  'rollback/ledger': halfRollback,
  'rollback/abort': breaking('unitOfWork', (real) => ({ run: (home, work) => real.run(home, work) })),
  'rollback/neighbours': halfRollback,
  'totals/refused-unit': halfRollback,
  'commands/race-documents': forgetfulCommands,
  'commands/race-ledger': forgetfulCommands,
  'commands/scopes': breaking('commands', (real) => ({
    find: (unit, home, scope, keys) =>
      real.find(
        unit,
        home,
        scope,
        keys.map((key) => key.toLowerCase()),
      ),
  })),
  'commands/trim': breaking('commands', () => ({ trim: async () => 0 })),
  'commands/expired-replaced': breaking('commands', (real) => ({
    async record(unit, records) {
      for (const record of records) {
        const known = await real.find(unit, unit.home, record.scope, [record.key]);
        if (known.length === 0) await real.record(unit, [record]);
      }
    },
  })),
  'numbers/sequence': breaking('numbers', (real) => ({
    draw: async (unit, series, count) => (await real.draw(unit, series, count)) - 1,
  })),
  'numbers/parallel': breaking('numbers', () => ({ draw: async () => 1 })),
  'outbox/order': breaking('outbox', (real) => ({
    waiting: async (home, limit) => [...(await real.waiting(home, limit))].reverse(),
  })),
  'outbox/remove-race': breaking('outbox', () => ({ remove: async () => {} })),
  'outbox/lanes': breaking('outbox', () => ({ postpone: async () => {} })),
  'outbox/backlog': breaking('outbox', () => ({ retryStuck: async () => 0 })),
  'outbox/turns': breaking('turns', () => ({
    async alone(_name, work) {
      await work();
      return true;
    },
  })),
  'outbox/step-outcomes': breaking('stepOutcomes', () => ({ find: async () => [] })),
};
