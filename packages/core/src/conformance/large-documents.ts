import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { hasCode } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { sampleLead } from './samples.js';
import { inUnit } from './together.js';

const mebibyte = 1024 * 1024;

export const largeDocumentCases: readonly ConformanceCase[] = [
  {
    id: 'values/large-document',
    level: 'MUST',
    title: 'a lead of 15 MB is written, replaced and read back as written',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context, { sealed: 'ab+/'.repeat((15 * mebibyte) / 4) });
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      const next = { ...lead, version: 2, sealed: `${lead.sealed.slice(0, -4)}last` };
      equal(await inUnit(other, 'documents', (unit) => other.leads.replace(unit, next, 1)), true);
      const [stored] = await storage.leads.get(null, [lead.id]);
      ok(stored?.sealed === next.sealed, `of ${next.sealed.length} characters ${stored?.sealed.length ?? 0} came back`);
      deepStrictEqual({ ...stored, sealed: '' }, { ...next, sealed: '' });
    },
  },
  {
    id: 'values/too-large-document',
    level: 'MUST',
    title:
      'a lead beyond what the engine keeps is refused with VALUE_NOT_STORABLE and leaves nothing; else it comes back whole',
    async run(context) {
      const { storage, other } = context;
      const lead = sampleLead(context, { sealed: 'ab+/'.repeat((17 * mebibyte) / 4) });
      const beside = sampleLead(context);
      const refusal = await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [beside, lead])).then(
        () => null,
        (error: unknown) => error,
      );
      const stored = await other.leads.get(null, [beside.id, lead.id]);
      if (refusal === null) {
        equal(stored.length, 2);
        ok(
          stored.some((row) => row.sealed === lead.sealed),
          'the document was taken and came back changed',
        );
        return;
      }
      ok(hasCode(refusal, 'VALUE_NOT_STORABLE'), `expected VALUE_NOT_STORABLE, got ${String(refusal)}`);
      deepStrictEqual(stored, []);
    },
  },
];
