import { deepStrictEqual, equal } from 'node:assert/strict';
import type { Json } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleHead } from './samples.js';
import { inUnit } from './together.js';

/** Keys that an engine might take for operators, paths or prototypes: to a store they are data. */
const awkwardBody: Json = JSON.parse(
  '{"$gt":1,"a.b":{"$ref":"x","$id":"y"},"__proto__":{"admin":true},"":[],"list":[1,2.5,-0.1,9007199254740991,null,"₹ 😀 नमस्ते"]}',
);

export const definitionCases: readonly ConformanceCase[] = [
  {
    id: 'definitions/versions',
    level: 'MUST',
    title: 'published versions are read back as written, whatever their keys, and listed newest first without bodies',
    async run(context) {
      const { storage, other } = context;
      const head = sampleHead(context);
      const at = (version: number) => ({
        productLine: head.slug,
        part: 'fields' as const,
        version,
        body: awkwardBody,
        publishedAt: instantAfter(version),
        publishedBy: 'user:asha',
      });
      await inUnit(storage, 'documents', async (unit) => {
        await storage.definitions.insertHead(unit, head);
        for (const version of [1, 2, 3]) await storage.definitions.insertVersion(unit, at(version));
        await storage.definitions.insertVersion(unit, { ...at(1), part: 'pipeline' });
      });
      const stored = await other.definitions.version(null, head.slug, 'fields', 2);
      equal(JSON.stringify(stored?.body), JSON.stringify(awkwardBody));
      const { body: _, ...third } = at(3);
      const { body: __, ...second } = at(2);
      deepStrictEqual(await other.definitions.versions(head.slug, 'fields', 2), [third, second]);
      equal(await other.definitions.version(null, head.slug, 'fields', 4), null);
      deepStrictEqual(await other.definitions.head(null, head.slug), head);
      const heads = await other.definitions.heads();
      const slugs = heads.map((row) => row.slug);
      deepStrictEqual(slugs, [...slugs].sort());
      equal(slugs.includes(head.slug), true);
    },
  },
  {
    id: 'definitions/await-readers',
    level: 'MUST',
    title: 'who replaces the head of a line can wait until what others wrote under the old one is there',
    async run(context) {
      const { storage, other } = context;
      const head = sampleHead(context);
      const productLine = head.slug;
      const draft = { productLine, baseRevision: 1, definition: {}, savedAt: instantAfter(0), savedBy: 'user:asha' };
      await inUnit(storage, 'documents', (unit) => storage.definitions.insertHead(unit, head));
      let go: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      let hasRead: () => void = () => undefined;
      const reading = new Promise<void>((resolve) => {
        hasRead = resolve;
      });
      const writer = inUnit(storage, 'documents', async (unit) => {
        const seen = await storage.definitions.head(unit, productLine);
        hasRead();
        await gate;
        if (seen?.revision === head.revision) await storage.definitions.saveDraft(unit, draft);
      });
      await Promise.race([reading, writer]);
      const replacing = (async () => {
        const next = { ...head, revision: head.revision + 1 };
        const replaced = await inUnit(other, 'documents', (unit) => other.definitions.replaceHead(unit, next, 1));
        await other.definitions.awaitReaders();
        return [replaced, (await other.definitions.draft(null, productLine))?.savedBy];
      })();
      // Long enough for a store that does not wait to be found out.
      setTimeout(go, 250);
      deepStrictEqual(await replacing, [true, 'user:asha']);
      await writer;
    },
  },
  {
    id: 'definitions/drafts',
    level: 'MUST',
    title: 'one draft a line: saving replaces it, removing leaves none',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const draft = {
        productLine,
        baseRevision: 0,
        definition: awkwardBody,
        savedAt: instantAfter(0),
        savedBy: 'user:asha',
      };
      await inUnit(storage, 'documents', (unit) => storage.definitions.saveDraft(unit, draft));
      await inUnit(other, 'documents', (unit) =>
        other.definitions.saveDraft(unit, { ...draft, baseRevision: 2, savedBy: 'user:meera' }),
      );
      const stored = await storage.definitions.draft(null, productLine);
      deepStrictEqual([stored?.baseRevision, stored?.savedBy], [2, 'user:meera']);
      equal(JSON.stringify(stored?.definition), JSON.stringify(awkwardBody));
      await inUnit(storage, 'documents', (unit) => storage.definitions.removeDraft(unit, productLine));
      await inUnit(storage, 'documents', (unit) => storage.definitions.removeDraft(unit, productLine));
      equal(await other.definitions.draft(null, productLine), null);
    },
  },
];
