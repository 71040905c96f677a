import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';

/** What a store says of its layout. */
export const layoutCases: readonly ConformanceCase[] = [
  {
    id: 'layout/newest',
    level: 'MUST',
    title:
      'a store that is open has the newest layout: nothing is to come, and migrating it, twice at once, does nothing',
    async run({ storage, other }) {
      const databases = await storage.migrations.status();
      ok(databases.length > 0, 'no database is named');
      for (const { place, layout, newest, pending } of databases) {
        equal(layout?.version, newest, `layout of ${place}`);
        ok(
          layout !== undefined && layout !== null && layout.readableBy <= newest,
          `releases that may work with ${place}`,
        );
        deepStrictEqual(pending, [], `steps to come in ${place}`);
      }
      const runs = await Promise.all([storage.migrations.run(), other.migrations.run()]);
      for (const reports of runs) {
        deepStrictEqual(
          reports.map(({ part, layout, taken }) => ({ part, layout, taken })),
          databases.map(({ part, layout }) => ({ part, layout, taken: [] })),
          'what migrating did',
        );
      }
    },
  },
];
