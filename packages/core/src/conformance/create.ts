import { deepStrictEqual, ok } from 'node:assert/strict';
import { LmsError } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { sampleCommand, sampleEvent, sampleLead } from './samples.js';
import { inUnit, refusalOf } from './together.js';

export const createCases: readonly ConformanceCase[] = [
  {
    id: 'create/whole-unit',
    level: 'MUST',
    title: 'a lead, its data key, unique keys, event and command are committed together and read back as written',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context, { ownerId: 'asha', placementVersion: 1 });
      const dataKey = { kind: 'lead', id: lead.id, wrapped: 'd3JhcHBlZA==', masterKeyId: 'm1', destroyedAt: null };
      const claim = { scope: lead.productLine, rule: 'phone', hash: context.word('hash'), holderId: lead.id };
      const event = sampleEvent(context, { aggregate: { kind: 'lead', id: lead.id, version: 1 } });
      const command = sampleCommand(context, { aggregateId: lead.id });
      await inUnit(storage, 'documents', async (unit) => {
        deepStrictEqual(await storage.uniqueKeys.claim(unit, [claim]), []);
        await storage.leads.insert(unit, [lead]);
        await storage.dataKeys.insert(unit, [dataKey]);
        await storage.outbox.append(unit, [event]);
        await storage.commands.record(unit, [command]);
      });
      deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
      deepStrictEqual(await other.dataKeys.find(null, 'lead', [lead.id]), [dataKey]);
      deepStrictEqual(await other.uniqueKeys.holders(null, [claim]), [claim]);
      deepStrictEqual(await other.commands.find(null, 'documents', command.scope, [command.key]), [command]);
      const waiting = await other.outbox.waiting('documents', 10_000);
      deepStrictEqual(
        waiting.find((row) => row.id === event.id),
        event,
      );
      await other.outbox.remove('documents', [event.id]);
    },
  },
  {
    id: 'create/read-in-unit',
    level: 'MUST',
    title: 'a unit reads what it wrote; others see nothing of it before the commit',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context);
      await inUnit(storage, 'documents', async (unit) => {
        await storage.leads.insert(unit, [lead]);
        deepStrictEqual(await storage.leads.get(unit, [lead.id]), [lead]);
        deepStrictEqual(await other.leads.get(null, [lead.id]), []);
      });
      deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
    },
  },
  {
    id: 'create/many',
    level: 'MUST',
    title: 'a batch of 250 leads is inserted whole, found by id and by number, and scanned in order of id',
    async run(context) {
      const { storage, other } = context;
      const leads = Array.from({ length: 250 }, () => sampleLead(context));
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, leads));
      const found = await other.leads.get(
        null,
        leads.map((lead) => lead.id),
      );
      const byId = new Map(found.map((lead) => [lead.id, lead]));
      for (const lead of leads) deepStrictEqual(byId.get(lead.id), lead);
      const ids = await other.leads.idsByNumber(null, [...leads.map((lead) => lead.number), context.word('LEAD')]);
      deepStrictEqual(new Map(ids), new Map(leads.map((lead) => [lead.number, lead.id])));
      const first = leads[0];
      ok(first !== undefined);
      const scanned = await other.leads.scan(first.id, 100);
      deepStrictEqual(
        scanned.map((lead) => lead.id),
        leads.slice(1, 101).map((lead) => lead.id),
      );
    },
  },
  {
    id: 'create/same-id-refused',
    level: 'MUST',
    title: 'a second lead with an id or a number that exists is refused and leaves the first as it is',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context);
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      const clashes = [sampleLead(context, { id: lead.id }), sampleLead(context, { number: lead.number })];
      for (const clash of clashes) {
        const error = await refusalOf(
          inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [clash])),
          'the second insert to be refused',
        );
        ok(LmsError.isInstance(error), `expected an LmsError, got ${String(error)}`);
      }
      deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
      deepStrictEqual(await other.leads.idsByNumber(null, [lead.number]), new Map([[lead.number, lead.id]]));
    },
  },
  {
    id: 'create/old-activities',
    level: 'MUST',
    title: 'activities kept outside the lead are ignored when repeated and page newest first without gap or repeat',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context);
      const activities = Array.from({ length: 25 }, (_, index) => ({
        id: context.ids.next<'activity'>(),
        type: 'NOTE' as const,
        at: lead.createdAt,
        actor: 'user:asha',
        data: { index },
        sealed: index % 2 === 0 ? null : 'bm90ZQ==',
      }));
      await inUnit(storage, 'documents', async (unit) => {
        await storage.leads.insert(unit, [lead]);
        await storage.leads.appendActivities(unit, lead.id, activities.slice(0, 15));
      });
      await inUnit(storage, 'documents', (unit) => storage.leads.appendActivities(unit, lead.id, activities.slice(10)));
      const seen = [];
      let before: string | null = null;
      for (;;) {
        const page = await other.leads.olderActivities(lead.id, before, 10);
        seen.push(...page.activities);
        before = page.activities.at(-1)?.id ?? null;
        if (!page.hasMore) break;
        ok(seen.length < 100, 'olderActivities never ends');
      }
      deepStrictEqual(seen, [...activities].reverse());
      deepStrictEqual(await other.leads.olderActivities(context.ids.next<'lead'>(), null, 10), {
        activities: [],
        hasMore: false,
      });
    },
  },
];
