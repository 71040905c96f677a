import { deepStrictEqual } from 'node:assert/strict';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleAuditRow, sampleImportRun } from './samples.js';
import { inUnit, together } from './together.js';

export const auditCases: readonly ConformanceCase[] = [
  {
    id: 'audit/insert-twice',
    level: 'MUST',
    title: 'rows written again by 20 callers at once stay as they were first written, one an id',
    async run(context) {
      const { storage } = context;
      const actor = `user:${context.word('actor')}`;
      const rows = Array.from({ length: 5 }, () =>
        sampleAuditRow(context, { actor, via: { host: 'desk-7', operatingSystemUser: 'asha' }, sealed: 'c2VhbGVk' }),
      );
      await inUnit(storage, 'ledger', (unit) => storage.audit.insert(unit, rows));
      await together(context, 20, (store, caller) => {
        const again = rows.map((row) => ({ ...row, command: `changed ${caller}` }));
        return inUnit(store, 'ledger', (unit) => store.audit.insert(unit, caller % 2 === 0 ? again : again.reverse()));
      });
      deepStrictEqual(await storage.audit.list({ actor, limit: 50 }), [...rows].reverse());
    },
  },
  {
    id: 'audit/list',
    level: 'MUST',
    title: 'rows are listed newest first, page by id, and are filtered by aggregate, type and time',
    async run(context) {
      const { storage, other } = context;
      const aggregateId = context.ids.next<'lead'>();
      const actor = `user:${context.word('actor')}`;
      const rows = Array.from({ length: 6 }, (_, index) =>
        sampleAuditRow(context, {
          actor,
          at: instantAfter(index),
          eventType: index % 2 === 0 ? 'lead.created' : 'lead.updated',
          aggregate: { kind: 'lead', id: index < 4 ? aggregateId : context.ids.next<'lead'>(), version: index + 1 },
        }),
      );
      await inUnit(storage, 'ledger', (unit) => storage.audit.insert(unit, rows));
      const newest = [...rows].reverse();
      const first = await other.audit.list({ actor, limit: 4 });
      const rest = await other.audit.list({ actor, limit: 4, after: first.at(-1)?.id ?? '' });
      deepStrictEqual([...first, ...rest], newest);
      deepStrictEqual(await other.audit.list({ aggregateKind: 'lead', aggregateId, limit: 9 }), newest.slice(2));
      deepStrictEqual(await other.audit.list({ aggregateKind: 'user', aggregateId, limit: 9 }), []);
      deepStrictEqual(
        await other.audit.list({ actor, eventType: 'lead.created', limit: 9 }),
        newest.filter((row) => row.eventType === 'lead.created'),
      );
      deepStrictEqual(
        await other.audit.list({ actor, from: instantAfter(1), to: instantAfter(3), limit: 9 }),
        newest.filter((row) => row.at >= instantAfter(1) && row.at < instantAfter(3)),
      );
    },
  },
  {
    id: 'audit/import-runs',
    level: 'MUST',
    title: 'import runs are read back as written, newest first by line, by file, and of some actors alone',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const fileSha256 = context.word('sha');
      const runs = Array.from({ length: 4 }, (_, index) =>
        sampleImportRun(context, {
          productLine,
          fileSha256: index === 1 ? context.word('sha') : fileSha256,
          startedAt: instantAfter(index),
          fileName: 'लीड 😀.xlsx',
          finishedAt: index === 2 ? instantAfter(9) : null,
          error: index === 3 ? 'the file ended early' : null,
          actor: index === 0 ? 'user:asha' : index === 3 ? 'user:Asha' : 'user:ravi',
        }),
      );
      await inUnit(storage, 'ledger', async (unit) => {
        for (const run of runs) await storage.importRuns.insert(unit, run);
      });
      const newest = [...runs].reverse();
      const first = await other.importRuns.list({ productLine, limit: 3 });
      const rest = await other.importRuns.list({ productLine, limit: 3, after: first.at(-1)?.id ?? '' });
      deepStrictEqual([...first, ...rest], newest);
      deepStrictEqual(
        await other.importRuns.ofFile({ productLine, fileSha256 }),
        newest.filter((run) => run.fileSha256 === fileSha256),
      );
      deepStrictEqual(await other.importRuns.ofFile({ productLine: context.word('line'), fileSha256 }), []);
      const actors = ['user:asha', 'user:ravi'];
      const theirs = newest.filter((run) => actors.includes(run.actor));
      deepStrictEqual(await other.importRuns.list({ productLine, actors, limit: 3 }), theirs);
      deepStrictEqual(await other.importRuns.list({ productLine, actors, limit: 3, after: theirs[0]?.id ?? '' }), [
        ...theirs.slice(1),
      ]);
      deepStrictEqual(await other.importRuns.list({ productLine, actors: [], limit: 3 }), []);
      deepStrictEqual(
        await other.importRuns.ofFile({ productLine, fileSha256, actors }),
        theirs.filter((run) => run.fileSha256 === fileSha256),
      );
      deepStrictEqual(await other.importRuns.ofFile({ productLine, fileSha256, actors: [] }), []);
    },
  },
];
