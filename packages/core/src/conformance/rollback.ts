import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { hasCode } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import {
  sampleActivity,
  sampleAuditRow,
  sampleCommand,
  sampleEvent,
  sampleFacts,
  sampleHead,
  sampleImportRun,
  sampleLead,
  sampleMove,
  samplePlacement,
  sampleUser,
} from './samples.js';
import { inUnit, refusalOf } from './together.js';

class Interruption extends Error {}

export const rollbackCases: readonly ConformanceCase[] = [
  {
    id: 'rollback/documents',
    level: 'MUST',
    title: 'when the work of a documents unit throws, its error comes through and nothing is left anywhere',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context);
      const claim = { scope: '*', rule: 'phone', hash: context.word('hash'), holderId: lead.id };
      const head = sampleHead(context);
      const event = sampleEvent(context);
      const command = sampleCommand(context);
      const storeKey = { name: context.word('key'), wrapped: 'a2V5', masterKeyId: 'm1' };
      const thrown = new Interruption('stop');
      const seen = await refusalOf(
        inUnit(storage, 'documents', async (unit) => {
          await storage.uniqueKeys.claim(unit, [claim]);
          await storage.leads.insert(unit, [lead]);
          await storage.leads.appendActivities(unit, lead.id, [sampleActivity(context)]);
          await storage.dataKeys.insert(unit, [
            { kind: 'lead', id: lead.id, wrapped: 'a2V5', masterKeyId: 'm1', destroyedAt: null },
          ]);
          await storage.storeKeys.insert(unit, storeKey);
          await storage.definitions.insertHead(unit, head);
          await storage.definitions.insertVersion(unit, {
            productLine: head.slug,
            part: 'fields',
            version: 1,
            body: {},
            publishedAt: head.createdAt,
            publishedBy: 'user:asha',
          });
          await storage.definitions.saveDraft(unit, {
            productLine: head.slug,
            baseRevision: 0,
            definition: {},
            savedAt: head.createdAt,
            savedBy: 'user:asha',
          });
          await storage.outbox.append(unit, [event]);
          await storage.commands.record(unit, [command]);
          throw thrown;
        }),
        'the work to throw',
      );
      equal(seen, thrown);
      deepStrictEqual(await other.leads.get(null, [lead.id]), []);
      deepStrictEqual(await other.leads.idsByNumber(null, [lead.number]), new Map());
      deepStrictEqual((await other.leads.olderActivities(lead.id, null, 10)).activities, []);
      deepStrictEqual(await other.uniqueKeys.holders(null, [claim]), []);
      deepStrictEqual(await other.uniqueKeys.heldBy(null, lead.id), []);
      deepStrictEqual(await other.dataKeys.find(null, 'lead', [lead.id]), []);
      equal(await other.storeKeys.find(null, storeKey.name), null);
      equal(await other.definitions.head(null, head.slug), null);
      equal(await other.definitions.version(null, head.slug, 'fields', 1), null);
      equal(await other.definitions.draft(null, head.slug), null);
      deepStrictEqual(await other.commands.find(null, 'documents', command.scope, [command.key]), []);
      const waiting = await other.outbox.waiting('documents', 10_000);
      ok(!waiting.some((row) => row.id === event.id), 'the event stayed in the outbox');
    },
  },
  {
    id: 'rollback/ledger',
    level: 'MUST',
    title: 'when the work of a ledger unit throws, its error comes through and nothing is left in any table',
    async run(context) {
      const { storage, other } = context;
      const facts = sampleFacts(context, { collaboratorIds: ['asha'] });
      const placement = samplePlacement(context, facts.leadId);
      const user = sampleUser(context);
      const run = sampleImportRun(context);
      const audit = sampleAuditRow(context);
      const event = sampleEvent(context);
      const command = sampleCommand(context);
      const thrown = new Interruption('stop');
      const seen = await refusalOf(
        inUnit(storage, 'ledger', async (unit) => {
          await storage.facts.project(unit, [facts]);
          await storage.moves.insert(unit, [sampleMove(context, facts.leadId)]);
          await storage.placements.insert(unit, placement);
          await storage.users.insert(unit, user);
          await storage.importRuns.insert(unit, run);
          await storage.audit.insert(unit, [audit]);
          await storage.outbox.append(unit, [event]);
          await storage.commands.record(unit, [command]);
          throw thrown;
        }),
        'the work to throw',
      );
      equal(seen, thrown);
      equal(await other.facts.row(facts.leadId), null);
      deepStrictEqual(await other.moves.list(facts.leadId, 10), []);
      deepStrictEqual(await other.placements.active(null, [facts.leadId]), []);
      equal(await other.users.get(null, user.id), null);
      equal(await other.importRuns.get(run.id), null);
      deepStrictEqual(await other.audit.list({ aggregateId: audit.aggregate.id, limit: 10 }), []);
      deepStrictEqual(await other.commands.find(null, 'ledger', command.scope, [command.key]), []);
      const waiting = await other.outbox.waiting('ledger', 10_000);
      ok(!waiting.some((row) => row.id === event.id), 'the event stayed in the outbox');
    },
  },
  {
    id: 'rollback/abort',
    level: 'MUST',
    title: 'a signal aborted before the commit rolls back with COMMAND_ABORTED; after it nothing changes',
    async run(context) {
      const { storage, other } = context;
      for (const home of ['documents', 'ledger'] as const) {
        const stopped = new AbortController();
        const command = sampleCommand(context);
        const error = await refusalOf(
          storage.unitOfWork.run(
            home,
            async (unit) => {
              await storage.commands.record(unit, [command]);
              stopped.abort();
            },
            { signal: stopped.signal },
          ),
          'COMMAND_ABORTED',
        );
        ok(hasCode(error, 'COMMAND_ABORTED'), `expected COMMAND_ABORTED, got ${String(error)}`);
        deepStrictEqual(await other.commands.find(null, home, command.scope, [command.key]), []);
        const late = new AbortController();
        await storage.unitOfWork.run(home, (unit) => storage.commands.record(unit, [command]), { signal: late.signal });
        late.abort();
        deepStrictEqual(await other.commands.find(null, home, command.scope, [command.key]), [command]);
      }
    },
  },
  {
    id: 'rollback/neighbours',
    level: 'MUST',
    title: 'of 20 units at once those that throw leave nothing and the others lose nothing',
    async run(context) {
      const { storage, other } = context;
      const leads = Array.from({ length: 20 }, () => sampleLead(context));
      await Promise.all(
        leads.map(async (lead, index) => {
          const unit = inUnit(index % 2 === 0 ? storage : other, 'documents', async (open) => {
            await (index % 2 === 0 ? storage : other).leads.insert(open, [lead]);
            if (index % 3 === 0) throw new Interruption('stop');
          });
          await unit.catch((error: unknown) => {
            if (!(error instanceof Interruption)) throw error;
          });
        }),
      );
      const found = await storage.leads.get(
        null,
        leads.map((lead) => lead.id),
      );
      deepStrictEqual(
        new Set(found.map((lead) => lead.id)),
        new Set(leads.filter((_, index) => index % 3 !== 0).map((lead) => lead.id)),
      );
    },
  },
];
