import { deepStrictEqual, equal } from 'node:assert/strict';
import type { StoredMapping } from '../crm/imports/index.js';
import type { Json } from '../foundation/kernel/index.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 20;

/** Headings that an engine might take for operators or paths: to a store they are data. */
const awkward: Json = { columns: { '$ amount': 'loanAmount', 'a.b': '-', 'नाम 😀': { field: 'fullName' } } };

function sampleMapping(
  context: ConformanceContext,
  change: Partial<StoredMapping> & { readonly productLine: string },
): StoredMapping {
  return {
    id: context.ids.next<'mapping'>(),
    name: 'bank-x',
    document: awkward,
    version: 1,
    savedAt: instantAfter(0),
    savedBy: 'user:asha',
    ...change,
  };
}

export const savedMappingCases: readonly ConformanceCase[] = [
  {
    id: 'saved-mappings/one-name',
    level: 'MUST',
    title: 'of 20 callers who save a new mapping under one name one gets true, and it is read back as written',
    async run(context) {
      const productLine = context.word('line');
      const mappings = Array.from({ length: callers }, (_, caller) =>
        sampleMapping(context, { productLine, savedBy: `user:${caller}` }),
      );
      const saved = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', async (unit) => {
          const mapping = mappings[caller];
          return mapping !== undefined && store.savedMappings.insert(unit, mapping);
        }),
      );
      equal(saved.filter(Boolean).length, 1, 'callers whose insert gave true');
      deepStrictEqual(
        await context.other.savedMappings.get(null, productLine, 'bank-x'),
        mappings[saved.indexOf(true)],
      );
      equal(await context.storage.savedMappings.get(null, productLine, 'BANK-X'), null);
    },
  },
  {
    id: 'saved-mappings/stale',
    level: 'MUST',
    title: 'replacing or removing a mapping with a stale version gives false and changes nothing',
    async run(context) {
      const { storage, other } = context;
      const first = sampleMapping(context, { productLine: context.word('line') });
      const second = { ...first, version: 2, document: { columns: {} } };
      await inUnit(storage, 'documents', (unit) => storage.savedMappings.insert(unit, first));
      equal(await inUnit(other, 'documents', (unit) => other.savedMappings.replace(unit, second, 1)), true);
      equal(await inUnit(storage, 'documents', (unit) => storage.savedMappings.replace(unit, second, 1)), false);
      const remove = (version: number): Promise<boolean> =>
        inUnit(storage, 'documents', (unit) =>
          storage.savedMappings.remove(unit, first.productLine, first.name, version),
        );
      equal(await remove(1), false);
      deepStrictEqual(await other.savedMappings.get(null, first.productLine, first.name), second);
      equal(await remove(2), true);
      equal(await other.savedMappings.get(null, first.productLine, first.name), null);
    },
  },
  {
    id: 'saved-mappings/list',
    level: 'MUST',
    title: 'mappings are listed by line and name, page by page, and those of one line alone',
    async run(context) {
      const { storage, other } = context;
      const lines = [context.word('line'), context.word('line')].sort();
      const [one = '', two = ''] = lines;
      const mappings = [
        sampleMapping(context, { productLine: one, name: 'Bank' }),
        sampleMapping(context, { productLine: one, name: 'bank' }),
        sampleMapping(context, { productLine: one, name: 'बैंक' }),
        sampleMapping(context, { productLine: two, name: 'a' }),
      ];
      await inUnit(storage, 'documents', async (unit) => {
        for (const mapping of [...mappings].reverse()) await storage.savedMappings.insert(unit, mapping);
      });
      deepStrictEqual(await other.savedMappings.list({ productLine: one, limit: 10 }), mappings.slice(0, 3));
      deepStrictEqual(await other.savedMappings.list({ productLine: one, limit: 2 }), mappings.slice(0, 2));
      const [first, second] = mappings;
      if (first === undefined || second === undefined) throw new Error('no mappings');
      deepStrictEqual(
        await other.savedMappings.list({ productLine: one, after: { productLine: one, name: 'Bank' }, limit: 10 }),
        mappings.slice(1, 3),
      );
      const all = await other.savedMappings.list({ after: { productLine: one, name: 'bank' }, limit: 200 });
      deepStrictEqual(
        all.filter((mapping) => lines.includes(mapping.productLine)),
        mappings.slice(2),
      );
    },
  },
];
