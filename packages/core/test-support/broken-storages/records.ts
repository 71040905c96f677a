import { type Breakage, breaking } from './breaking.js';

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

/** Storages that break what is promised of the records of each store and of the values in them. */
export const brokenRecords: Readonly<Record<string, Breakage>> = {
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
  'totals/follow-writes': breaking('facts', (real) => {
    const boards = new Map<string, ReturnType<typeof real.board>>();
    return {
      board(query) {
        const kept = boards.get(JSON.stringify(query)) ?? real.board(query);
        boards.set(JSON.stringify(query), kept);
        return kept;
      },
    };
  }),
  'totals/parallel-writes': breaking('facts', (real) => {
    let lost = 0;
    return {
      async board(query) {
        lost += 1;
        const columns = await real.board(query);
        return columns.map((column) => ({ ...column, count: Math.max(0, column.count - (lost === 1 ? 1 : 0)) }));
      },
    };
  }),
  'totals/recount': breaking('facts', (real) => ({ wrongTotals: async () => (await real.wrongTotals()) + 1 })),
  'totals/mended': breaking('facts', () => ({ recountTotals: async () => 0 })),
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
  // Ends where a kind ends.
  'keys/walk': breaking('dataKeys', (real) => ({
    list: async (after, limit) =>
      (await real.list(after, limit)).filter(({ kind }) => after === null || kind === after.kind),
  })),
  'keys/rewrap': breaking('dataKeys', (real) => ({
    async rewrap(unit, keys) {
      await real.rewrap(unit, keys);
      return keys.length;
    },
  })),
  'keys/rewrap-store-key': breaking('storeKeys', (real) => ({
    async rewrap(unit, key) {
      await real.rewrap(unit, key);
      return true;
    },
  })),
  // Reads what was committed, and nobody need wait for who has read it.
  'keys/await-readers': breaking('storeKeys', (real) => ({ find: (_unit, name) => real.find(null, name) })),
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
