import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import type { DataKeyPlace, StoredDataKey } from '../foundation/privacy/index.js';
import type { Storage } from '../storage/storage.js';
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
  {
    id: 'keys/walk',
    level: 'MUST',
    title: 'a walk over the data keys gives each of every kind once, destroyed ones too, and ends',
    async run(context) {
      const { storage, other } = context;
      const kinds = [context.word('kind'), context.word('kind')];
      const keys = Array.from({ length: 5 }, (_, at) => ({
        ...keyOf(kinds[at % kinds.length] ?? '', context.ids.next()),
        wrapped: `wrapped-${at}`,
      }));
      await inUnit(storage, 'documents', (unit) => storage.dataKeys.insert(unit, keys));
      const [gone, ...kept] = keys;
      if (gone === undefined) return;
      const at = instantAfter(1);
      await inUnit(storage, 'documents', (unit) => storage.dataKeys.destroy(unit, gone.kind, gone.id, at));
      const walked = (await walkOf(other, 2)).filter(({ kind }) => kinds.includes(kind));
      deepStrictEqual(inOrder(walked), inOrder([...kept, { ...gone, wrapped: '', destroyedAt: at }]));
    },
  },
  {
    id: 'keys/rewrap',
    level: 'MUST',
    title: 'of 20 callers who wrap a data key anew one takes effect, and a key that is destroyed is never revived',
    async run(context) {
      const { storage, other } = context;
      const ids = [context.ids.next<'lead'>(), context.ids.next<'lead'>()] as const;
      const [first, second] = [keyOf('lead', ids[0]), keyOf('lead', ids[1])];
      await inUnit(storage, 'documents', (unit) => storage.dataKeys.insert(unit, [first, second]));
      const changed = await together(context, 20, (store, caller) =>
        inUnit(store, 'documents', (unit) =>
          store.dataKeys.rewrap(unit, [
            { kind: 'lead', id: first.id, from: first.wrapped, wrapped: `new-${caller}`, masterKeyId: 'm2' },
          ]),
        ),
      );
      deepStrictEqual([...changed].sort(), [...Array<number>(19).fill(0), 1], 'keys that each caller changed');
      const [now] = await other.dataKeys.find(null, 'lead', [first.id]);
      deepStrictEqual(now, { ...first, wrapped: `new-${changed.indexOf(1)}`, masterKeyId: 'm2' });

      await inUnit(other, 'documents', (unit) => other.dataKeys.destroy(unit, 'lead', second.id, instantAfter(1)));
      const late = [first, second].map(({ kind, id, wrapped }) => ({
        ...{ kind, id, from: wrapped },
        ...{ wrapped: 'bGF0ZQ==', masterKeyId: 'm2' },
      }));
      equal(await inUnit(storage, 'documents', (unit) => storage.dataKeys.rewrap(unit, late)), 0);
      const emptied = late.map((key) => ({ ...key, from: '' }));
      equal(await inUnit(storage, 'documents', (unit) => storage.dataKeys.rewrap(unit, emptied)), 0);
      deepStrictEqual(await other.dataKeys.find(null, 'lead', [second.id]), [
        { ...second, wrapped: '', destroyedAt: instantAfter(1) },
      ]);
    },
  },
  {
    id: 'keys/rewrap-store-key',
    level: 'MUST',
    title: 'of 20 callers who wrap a store key anew one is told true, and it is listed as that one wrapped it',
    async run(context) {
      const { storage, other } = context;
      const key = { name: context.word('store-key'), wrapped: 'b2xk', masterKeyId: 'm1' };
      await inUnit(storage, 'documents', (unit) => storage.storeKeys.insert(unit, key));
      const outcomes = await together(context, 20, (store, caller) =>
        inUnit(store, 'documents', (unit) =>
          store.storeKeys.rewrap(unit, { ...key, from: key.wrapped, wrapped: `new-${caller}`, masterKeyId: 'm2' }),
        ),
      );
      equal(outcomes.filter(Boolean).length, 1, 'callers that were told true');
      const listed = (await other.storeKeys.list()).filter(({ name }) => name === key.name);
      deepStrictEqual(listed, [{ ...key, wrapped: `new-${outcomes.indexOf(true)}`, masterKeyId: 'm2' }]);
    },
  },
  {
    id: 'keys/await-readers',
    level: 'MUST',
    title: 'who changes a store key can wait until what others wrote under the old one is there',
    async run(context) {
      const { storage, other } = context;
      const key = { name: context.word('store-key'), wrapped: 'b2xk', masterKeyId: 'm1' };
      const written = keyOf('lead', context.ids.next<'lead'>());
      await inUnit(storage, 'documents', (unit) => storage.storeKeys.insert(unit, key));
      let go: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      let hasRead: () => void = () => undefined;
      const reading = new Promise<void>((resolve) => {
        hasRead = resolve;
      });
      const writer = inUnit(storage, 'documents', async (unit) => {
        const seen = await storage.storeKeys.find(unit, key.name);
        hasRead();
        await gate;
        if (seen?.wrapped === key.wrapped) await storage.dataKeys.insert(unit, [written]);
      });
      await Promise.race([reading, writer]);
      const changing = (async () => {
        const changed = await inUnit(other, 'documents', (unit) =>
          other.storeKeys.rewrap(unit, { ...key, from: key.wrapped, wrapped: 'bmV3' }),
        );
        await other.storeKeys.awaitReaders();
        return [changed, await other.dataKeys.find(null, 'lead', [written.id])];
      })();
      // Long enough for a store that does not wait to be found out.
      setTimeout(go, 250);
      deepStrictEqual(await changing, [true, [written]]);
      await writer;
      const late = await inUnit(storage, 'documents', (unit) => storage.storeKeys.find(unit, key.name));
      equal(late?.wrapped, 'bmV3');
    },
  },
];

function keyOf(kind: string, id: string): StoredDataKey {
  return { kind, id, wrapped: `wrapped-${id}`, masterKeyId: 'm1', destroyedAt: null };
}

async function walkOf({ dataKeys }: Storage, limit: number): Promise<readonly StoredDataKey[]> {
  const walked: StoredDataKey[] = [];
  let after: DataKeyPlace | null = null;
  for (;;) {
    const page: readonly StoredDataKey[] = await dataKeys.list(after, limit);
    const last = page.at(-1);
    if (last === undefined) return walked;
    ok(page.length <= limit, 'keys of a page');
    walked.push(...page);
    after = { kind: last.kind, id: last.id };
  }
}

function inOrder(keys: readonly StoredDataKey[]): readonly StoredDataKey[] {
  return [...keys].sort((left, right) => (`${left.kind} ${left.id}` < `${right.kind} ${right.id}` ? -1 : 1));
}
