import type { Storage } from '../src/storage/storage.js';

/** A storage that breaks one promise on purpose. */
export type Breakage = (storage: Storage) => Storage;

/** Replaces methods of one port; the rest stays real. */
function breaking<Name extends keyof Storage>(
  name: Name,
  change: (real: Storage[Name]) => Partial<Storage[Name]>,
): Breakage {
  return (storage) => overlay<Storage>(storage, { [name]: overlay(storage[name], change(storage[name])) });
}

function overlay<Target>(real: Target, change: object): Target;
function overlay(real: object, change: object): object {
  return new Proxy(real, {
    get(target, key) {
      if (Reflect.has(change, key)) return Reflect.get(change, key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

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
const placedAnyway = breaking('placements', (real) => ({
  async insert(unit, placement) {
    await real.insert(unit, placement);
    return true;
  },
}));
const insertedAnyway = breaking('users', (real) => ({
  async insert(unit, user) {
    await real.insert(unit, user);
    return true;
  },
}));

/** Keeps what a TEXT column of MySQL would. */
const cutDocuments = breaking('leads', (real) => ({
  insert: (unit, leads) =>
    real.insert(
      unit,
      leads.map((lead) => ({ ...lead, sealed: lead.sealed.slice(0, 65_535) })),
    ),
  replace: (unit, lead, version) => real.replace(unit, { ...lead, sealed: lead.sealed.slice(0, 65_535) }, version),
}));

/** Gives up where a real one begins again. */
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

/** Cases about servers, which an embedded store cannot break: they are proven on one. */
export const brokenOnServers: ReadonlySet<string> = new Set(['collisions/deadlock', 'collisions/lost-connection']);

/** Cases that look at the engine alone: they are proven on a file whose tables guard nothing. */
export const brokenByTables: ReadonlySet<string> = new Set([
  'constraints/null-refused',
  'constraints/value-refused',
  'constraints/range-refused',
  'constraints/duplicate-refused',
  'constraints/orphan-refused',
]);

/** For each other case of the suite, by id, a storage that must fail it. */
export const breakages: Readonly<Record<string, Breakage>> = {
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
  'placements/race': placedAnyway,
  'placements/reassign-race': breaking('placements', () => ({ insert: async () => true })),
  'placements/version-taken': placedAnyway,
  'placements/refused-insert-keeps-unit': breaking('placements', (real) => ({
    async insert(unit, placement) {
      if (await real.insert(unit, placement)) return true;
      throw new Error('duplicate key');
    },
  })),
  'placements/of-holder': breaking('placements', (real) => ({
    ofHolder: (holderId, _after, limit) => real.ofHolder(holderId, null, limit),
  })),
  'placements/projected-on-lead': breaking('leads', () => ({ projectPlacement: async () => {} })),
  'placements/projected-on-facts': breaking('facts', () => ({ projectPlacement: async () => {} })),
  'facts/version-guard': breaking('facts', (real) => {
    let seen = 0;
    return {
      project(unit, facts) {
        seen += 100;
        return real.project(
          unit,
          facts.map((state) => ({ ...state, version: state.version + seen })),
        );
      },
    };
  }),
  'facts/parallel-projection': breaking('facts', (real) => ({
    project: (unit, facts) =>
      real.project(
        unit,
        facts.filter((state) => state.version < 5),
      ),
  })),
  'facts/row-scope': breaking('facts', (real) => ({
    list: (query) => real.list({ ...query, filter: { ...query.filter, scope: { everything: true } } }),
  })),
  'facts/board': breaking('facts', (real) => ({
    board: async (query) => (await real.board(query)).filter((column) => column.count > 0),
  })),
  'facts/ids-in-stage': breaking('facts', (real) => ({
    idsInStage: (line, stage, _after, limit) => real.idsInStage(line, stage, null, limit),
  })),
  'facts/moves': breaking('moves', (real) => ({
    list: async (leadId, limit) => [...(await real.list(leadId, limit))].reverse(),
  })),
  'list-order/every-sort': breaking('facts', (real) => ({
    list: async (query) => (await real.list(query)).filter(({ sortValue }) => sortValue !== null),
  })),
  'list-order/positions': breaking('facts', (real) => ({
    positions: ({ filter: { scoreMin: _scoreMin, ...filter }, ...query }) => real.positions({ ...query, filter }),
  })),
  'list-order/filters': breaking('facts', (real) => ({
    list: ({ filter: { index: _index, ...filter }, ...query }) => real.list({ ...query, filter }),
  })),
  'definitions/versions': breaking('definitions', (real) => ({
    versions: async (slug, part, limit) => [...(await real.versions(slug, part, limit))].reverse(),
  })),
  'definitions/await-readers': breaking('definitions', () => ({ replaceHead: async () => false })),
  'definitions/drafts': breaking('definitions', () => ({ removeDraft: async () => {} })),
  'keys/data-keys': breaking('dataKeys', () => ({ destroy: async () => {} })),
  'keys/store-key-race': breaking('storeKeys', (real) => ({
    async insert(unit, key) {
      await real.insert(unit, key);
      return true;
    },
  })),
  'users/unique-email': insertedAnyway,
  'users/refused-insert-keeps-unit': insertedAnyway,
  'users/list': breaking('users', (real) => ({ list: ({ team: _team, ...query }) => real.list(query) })),
  'rebuilding/overwrite': breaking('facts', (real) => ({
    overwrite: (unit, rows) =>
      real.project(
        unit,
        rows.map(({ facts }) => facts),
      ),
  })),
  'rebuilding/ids-between': breaking('facts', (real) => ({
    idsBetween: ({ productLine: _line, ...range }, limit) => real.idsBetween(range, limit),
  })),
  'rebuilding/newest-placement': breaking('placements', (real) => ({ newest: real.active })),
  'rebuilding/correct-placement': breaking('leads', (real) => ({
    async correctPlacement(unit, placement) {
      await real.projectPlacement(unit, placement);
      return true;
    },
  })),
  'rebuilding/active-admins': breaking('users', () => ({ activeAdmins: async () => [] })),
  'audit/insert-twice': breaking('audit', (real) => ({
    insert: (unit, rows) =>
      real.insert(
        unit,
        rows.map((row) => ({ ...row, command: 'unknown' })),
      ),
  })),
  'audit/list': breaking('audit', (real) => ({ list: ({ after: _after, ...query }) => real.list(query) })),
  'audit/import-runs': breaking('importRuns', () => ({ ofFile: async () => [] })),
  'layout/newest': breaking('migrations', (real) => ({
    run: async (options) =>
      (await real.run(options)).map((report) => ({ ...report, taken: [{ version: 1, name: 'once more' }] })),
  })),
  'values/money-exact': breaking('leads', (real) => ({
    get: async (unit, ids) =>
      (await real.get(unit, ids)).map((lead) => ({ ...lead, amountPaise: Math.fround(lead.amountPaise ?? 0) })),
  })),
  'values/money-beyond-refused': breaking('leads', (real) => ({
    insert: (unit, leads) =>
      real.insert(
        unit,
        leads.map((lead) => ({ ...lead, amountPaise: null, values: {} })),
      ),
  })),
  'values/text': breaking('leads', (real) => ({
    insert: (unit, leads) =>
      real.insert(
        unit,
        leads.map((lead) => ({ ...lead, sealedName: lead.sealedName?.slice(0, 255) ?? null })),
      ),
  })),
  'values/large-document': cutDocuments,
  'values/too-large-document': cutDocuments,
  'values/combining-characters': breaking('uniqueKeys', (real) => ({
    claim: (unit, claims) =>
      real.claim(
        unit,
        claims.map((claim) => ({ ...claim, hash: claim.hash.normalize('NFC') })),
      ),
  })),
  'values/text-by-bytes': breaking('commands', (real) => ({
    find: (unit, home, scope, keys) =>
      real.find(
        unit,
        home,
        scope,
        keys.map((key) => key.trimEnd()),
      ),
  })),
  'values/fractions-exact': breaking('facts', (real) => ({
    project: (unit, facts) =>
      real.project(
        unit,
        facts.map((state) => ({ ...state, score: state.score === null ? null : Math.fround(state.score) })),
      ),
  })),
  'snapshots/one-moment': breaking('snapshots', (real) => ({
    snapshot: async () => ({
      async *batches() {
        const late = await real.snapshot();
        yield* late.batches();
        await late.close();
      },
      close: async () => undefined,
    }),
  })),
  'snapshots/empty-only': breaking('snapshots', () => ({
    load: async () => ({ load: async () => undefined, finish: async () => undefined, close: async () => undefined }),
  })),
  'values/operators-are-data': breaking('uniqueKeys', () => ({ holders: async () => [] })),
  'values/instants': breaking('facts', (real) => ({
    project: (unit, facts) =>
      real.project(
        unit,
        facts.map((state) => ({ ...state, createdAt: `${state.createdAt.slice(0, 19)}.000Z` })),
      ),
  })),
};
