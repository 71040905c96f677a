import { deepStrictEqual, equal } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleHead, sampleImportRun, sampleLead, sampleUser } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 20;

export const compareAndSwapCases: readonly ConformanceCase[] = [
  {
    id: 'compare-and-swap/stale',
    level: 'MUST',
    title: 'replacing a lead with a stale version gives false and changes nothing',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context);
      const next = { ...lead, version: 2, stage: 'contacted' };
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      equal(await inUnit(storage, 'documents', (unit) => storage.leads.replace(unit, next, 1)), true);
      const stale = { ...lead, version: 2, stage: 'lost' };
      equal(await inUnit(other, 'documents', (unit) => other.leads.replace(unit, stale, 1)), false);
      deepStrictEqual(await storage.leads.get(null, [lead.id]), [next]);
      const unknown = sampleLead(context);
      equal(await inUnit(storage, 'documents', (unit) => storage.leads.replace(unit, unknown, 1)), false);
    },
  },
  {
    id: 'compare-and-swap/lead-race',
    level: 'MUST',
    title: 'of 20 callers who replace the same version of a lead one gets true, and its state stands',
    async run(context) {
      const { storage } = context;
      const lead = sampleLead(context);
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', (unit) =>
          store.leads.replace(unit, { ...lead, version: 2, stage: `stage-${caller}` }, 1),
        ),
      );
      equal(outcomes.filter(Boolean).length, 1, 'callers that were told true');
      const [stored] = await storage.leads.get(null, [lead.id]);
      equal(stored?.stage, `stage-${outcomes.indexOf(true)}`);
      equal(stored?.version, 2);
    },
  },
  {
    id: 'compare-and-swap/no-lost-update',
    level: 'MUST',
    title: '20 callers who read and raise a counter in one unit each lose none of the raises',
    async run(context) {
      const { storage } = context;
      const lead = sampleLead(context, { activityCount: 0 });
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      await together(context, callers, async (store) => {
        for (;;) {
          const done = await inUnit(store, 'documents', async (unit) => {
            const [current] = await store.leads.get(unit, [lead.id]);
            if (current === undefined) throw new Error('the lead is gone');
            const raised = { ...current, version: current.version + 1, activityCount: current.activityCount + 1 };
            return store.leads.replace(unit, raised, current.version);
          });
          if (done) return;
        }
      });
      const [stored] = await storage.leads.get(null, [lead.id]);
      equal(stored?.activityCount, callers);
      equal(stored?.version, callers + 1);
    },
  },
  {
    id: 'compare-and-swap/for-change',
    level: 'MUST',
    title:
      '20 callers who read a lead for change and replace it in one unit each are never told that it changed meanwhile',
    async run(context) {
      const { storage } = context;
      const lead = sampleLead(context, { activityCount: 0 });
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      const outcomes = await together(context, callers, (store) =>
        inUnit(store, 'documents', async (unit) => {
          const current = await store.leads.getForChange(unit, lead.id);
          if (current === null) throw new Error('the lead is gone');
          const raised = { ...current, version: current.version + 1, activityCount: current.activityCount + 1 };
          return store.leads.replace(unit, raised, current.version);
        }),
      );
      deepStrictEqual(outcomes, Array(callers).fill(true), 'callers that were told true');
      const [stored] = await storage.leads.get(null, [lead.id]);
      equal(stored?.activityCount, callers);
      equal(await inUnit(storage, 'documents', (unit) => storage.leads.getForChange(unit, context.ids.next())), null);
    },
  },
  {
    id: 'compare-and-swap/line-head',
    level: 'MUST',
    title: 'of 20 callers who make or publish a product line at once one gets true',
    async run(context) {
      const { storage } = context;
      const head = sampleHead(context);
      const made = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', (unit) => store.definitions.insertHead(unit, { ...head, name: `line ${caller}` })),
      );
      equal(made.filter(Boolean).length, 1, 'callers whose insertHead gave true');
      equal((await storage.definitions.head(null, head.slug))?.name, `line ${made.indexOf(true)}`);
      const published = await together(context, callers, (store, caller) =>
        inUnit(store, 'documents', (unit) =>
          store.definitions.replaceHead(unit, { ...head, name: `published ${caller}`, revision: 2 }, 1),
        ),
      );
      equal(published.filter(Boolean).length, 1, 'callers whose replaceHead gave true');
      equal((await storage.definitions.head(null, head.slug))?.name, `published ${published.indexOf(true)}`);
    },
  },
  {
    id: 'compare-and-swap/user',
    level: 'MUST',
    title: 'of 20 callers who replace the same version of a user one gets true',
    async run(context) {
      const { storage } = context;
      const user = sampleUser(context);
      await inUnit(storage, 'ledger', (unit) => storage.users.insert(unit, user));
      const outcomes = await together(context, callers, (store, caller) =>
        inUnit(store, 'ledger', (unit) =>
          store.users.replace(unit, { ...user, version: 2, name: `name ${caller}`, roles: ['manager'] }, 1),
        ),
      );
      equal(outcomes.filter((outcome) => outcome === true).length, 1, 'callers that were told true');
      const stored = await storage.users.get(null, user.id);
      equal(stored?.name, `name ${outcomes.indexOf(true)}`);
      deepStrictEqual(stored?.roles, ['manager']);
    },
  },
  {
    id: 'compare-and-swap/import-receipt',
    level: 'MUST',
    title: 'of many imports that take the same rows at once one commits, and receipts are listed by batch',
    async run(context) {
      const { storage, other } = context;
      const source = context.word('source');
      const receipt = (batch: number, version: number) => ({
        source,
        batch,
        version,
        taken: [
          { run: 'a run', firstRow: batch * 500 + 2, count: 500, numberMonth: '202601', firstNumberSeq: version },
        ],
        at: instantAfter(version),
      });
      const outcomes = await together(context, callers, (store) =>
        inUnit(store, 'documents', async (unit) => {
          if ((await store.importReceipts.get(unit, source, 2)) !== null) return false;
          return store.importReceipts.save(unit, receipt(2, 1), 0);
        }),
      );
      equal(outcomes.filter((outcome) => outcome === true).length, 1, 'callers that were told true');
      const save = (store: typeof storage, saved: ReturnType<typeof receipt>, expected: number) =>
        inUnit(store, 'documents', (unit) => store.importReceipts.save(unit, saved, expected));
      equal(await save(other, receipt(2, 2), 1), true);
      equal(await save(storage, receipt(2, 2), 1), false);
      for (const batch of [11, 0]) equal(await save(storage, receipt(batch, 1), 0), true);
      deepStrictEqual(await other.importReceipts.list(source, -1, 10), [receipt(0, 1), receipt(2, 2), receipt(11, 1)]);
      deepStrictEqual(await other.importReceipts.list(source, 0, 1), [receipt(2, 2)]);
      deepStrictEqual(await other.importReceipts.list(context.word('source'), -1, 10), []);
    },
  },
  {
    id: 'compare-and-swap/import-run',
    level: 'MUST',
    title: 'an import run is replaced by its version alone, and a replace that changes nothing else still succeeds',
    async run(context) {
      const { storage, other } = context;
      const run = sampleImportRun(context);
      await inUnit(storage, 'ledger', (unit) => storage.importRuns.insert(unit, run));
      const next = { ...run, version: 2 };
      equal(await inUnit(storage, 'ledger', (unit) => storage.importRuns.replace(unit, next, 1)), true);
      equal(await inUnit(other, 'ledger', (unit) => other.importRuns.replace(unit, next, 1)), false);
      deepStrictEqual(await other.importRuns.get(run.id), next);
      equal(await other.importRuns.get(context.ids.next<'import'>()), null);
    },
  },
];
