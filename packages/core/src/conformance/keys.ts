import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

export const keyCases: readonly ConformanceCase[] = [
  {
    id: 'keys/data-keys',
    level: 'MUST',
    title: 'data keys are found by kind and id; a destroyed key is empty and keeps the first time of destruction',
    async run(context) {
      const { storage, other } = context;
      const id = context.ids.next<'lead'>();
      const key = { kind: 'lead', id, wrapped: 'd3JhcHBlZA==', masterKeyId: 'm1', destroyedAt: null };
      const beside = { ...key, kind: 'user', wrapped: 'b3RoZXI=' };
      await inUnit(storage, 'documents', (unit) => storage.dataKeys.insert(unit, [key, beside]));
      deepStrictEqual(await other.dataKeys.find(null, 'lead', [id, context.ids.next<'lead'>()]), [key]);
      await inUnit(storage, 'documents', (unit) => storage.dataKeys.destroy(unit, 'lead', id, instantAfter(1)));
      await inUnit(storage, 'documents', (unit) => storage.dataKeys.destroy(unit, 'lead', id, instantAfter(2)));
      deepStrictEqual(await other.dataKeys.find(null, 'lead', [id]), [
        { ...key, wrapped: '', destroyedAt: instantAfter(1) },
      ]);
      deepStrictEqual(await other.dataKeys.find(null, 'user', [id]), [beside]);
    },
  },
  {
    id: 'keys/store-key-race',
    level: 'MUST',
    title: 'of 20 callers who insert a store key at once one gets true, and every process reads that one',
    async run(context) {
      const { storage, other } = context;
      const name = context.word('look-up');
      const outcomes = await together(context, 20, (store, caller) =>
        inUnit(store, 'documents', (unit) =>
          store.storeKeys.insert(unit, { name, wrapped: `key-${caller}`, masterKeyId: 'm1' }),
        ),
      );
      equal(outcomes.filter(Boolean).length, 1, 'callers that were told true');
      const stored = await storage.storeKeys.find(null, name);
      equal(stored?.wrapped, `key-${outcomes.indexOf(true)}`);
      deepStrictEqual(await other.storeKeys.find(null, name), stored);
      ok((await other.storeKeys.find(null, context.word('look-up'))) === null);
    },
  },
];
