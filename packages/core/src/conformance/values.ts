import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { hasCode } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter, sampleActivity, sampleCommand, sampleFacts, sampleImportRun, sampleLead } from './samples.js';
import { inUnit, refusalOf } from './together.js';

const everything = { everything: true } as const;
const largest = Number.MAX_SAFE_INTEGER;

export const valueCases: readonly ConformanceCase[] = [
  {
    id: 'values/money-exact',
    level: 'MUST',
    title: 'money is exact up to 2^53-1 minor units, in documents, in facts, in sums and in comparisons',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const amounts = [0, 1, 2 ** 31, 2 ** 32 + 1, largest - 1, largest];
      const leads = amounts.map((amountPaise) =>
        sampleLead(context, { amountPaise, values: { loanAmount: { amountPaise }, ratio: 0.1, count: 2 ** 40 } }),
      );
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, leads));
      for (const lead of leads) deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
      const facts = leads.map((lead) =>
        sampleFacts(context, { leadId: lead.id, productLine, amountPaise: lead.amountPaise, stage: lead.id }),
      );
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, facts));
      for (const lead of leads) {
        equal((await other.facts.row(lead.id))?.amountPaise, lead.amountPaise);
        const filter = { scope: everything, productLine, stage: [lead.id] };
        const [column] = await other.facts.board({ filter, stages: [lead.id], cardsPerColumn: 1 });
        equal(column?.amountPaise, lead.amountPaise);
      }
      equal(await other.facts.count({ scope: everything, productLine, amountPaiseMin: largest }, 10), 1);
      equal(await other.facts.count({ scope: everything, productLine, amountPaiseMax: largest - 1 }, 10), 5);
    },
  },
  {
    id: 'values/money-beyond-refused',
    level: 'MUST',
    title: 'an amount that is not a safe integer is refused with VALUE_NOT_STORABLE, and nothing is written',
    async run(context) {
      const { storage, other } = context;
      for (const amountPaise of [largest + 1, -largest - 1, 10.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const inField = sampleLead(context, { values: { loanAmount: { amountPaise } } });
        const onLead = sampleLead(context, { amountPaise });
        for (const lead of [inField, onLead]) {
          const error = await refusalOf(
            inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead])),
            `VALUE_NOT_STORABLE for a lead of ${amountPaise}`,
          );
          ok(hasCode(error, 'VALUE_NOT_STORABLE'), `expected VALUE_NOT_STORABLE, got ${String(error)}`);
          deepStrictEqual(await other.leads.get(null, [lead.id]), []);
        }
        const facts = sampleFacts(context, { amountPaise });
        const error = await refusalOf(
          inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [facts])),
          `VALUE_NOT_STORABLE for facts of ${amountPaise}`,
        );
        ok(hasCode(error, 'VALUE_NOT_STORABLE'), `expected VALUE_NOT_STORABLE, got ${String(error)}`);
        equal(await other.facts.row(facts.leadId), null);
      }
    },
  },
  {
    id: 'values/text',
    level: 'MUST',
    title: 'Devanagari, emoji, quotes, backslashes, line breaks and long text come back as written',
    async run(context) {
      const { storage, other } = context;
      const text = 'नमस्ते ज्ञ 👩🏽‍🌾 O\'Brien "x" \\ \\n %_ \r\n\t é é ; DROP TABLE leads; --';
      const long = '₹😀'.repeat(8000);
      const lead = sampleLead(context, {
        values: { city: text, note: long, list: ['ब', 'अ'] },
        entered: { city: text },
        properties: { note: text },
        activities: [sampleActivity(context, { data: { text } })],
        sealedName: long,
      });
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
      const run = sampleImportRun(context, { fileName: text, mapping: { [text]: 'city' }, error: text });
      await inUnit(storage, 'ledger', (unit) => storage.importRuns.insert(unit, run));
      deepStrictEqual(await other.importRuns.get(run.id), run);
    },
  },
  {
    id: 'values/text-by-bytes',
    level: 'MUST',
    title: 'command keys and what lists filter and sort by compare byte by byte: case, accent and trailing space count',
    async run(context) {
      const { storage, other } = context;
      const texts = ['Pune', 'Pune ', 'Pune  ', 'Puné', 'pune', 'pune\t', '\uffee', '😀'];
      const key = context.word('key');
      const keys = texts.map((text) => key + text);
      const scope = context.word('scope');
      for (const home of ['documents', 'ledger'] as const) {
        const records = keys.map((each) => sampleCommand(context, { scope, key: each }));
        await inUnit(storage, home, (unit) => storage.commands.record(unit, records));
        for (const record of records) {
          deepStrictEqual(await other.commands.find(null, home, scope, [record.key]), [record]);
        }
        deepStrictEqual(await other.commands.find(null, home, scope, [`${key}Pune   `]), []);
      }

      const productLine = context.word('line');
      const facts = texts.map((text) =>
        sampleFacts(context, { productLine, source: text, index: [{ field: 'city', number: null, text, hash: null }] }),
      );
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [...facts].reverse()));
      for (const text of texts) {
        equal(await other.facts.count({ scope: everything, productLine, source: [text] }, 10), 1, `source "${text}"`);
        const index = [{ field: 'city', operator: 'eq', values: [{ text }] }] as const;
        equal(await other.facts.count({ scope: everything, productLine, index }, 10), 1, `city "${text}"`);
      }
      const sort = { by: 'field', field: 'city', kind: 'text', direction: 'asc' } as const;
      const rows = await other.facts.list({ filter: { scope: everything, productLine }, sort, after: null, limit: 20 });
      deepStrictEqual(
        rows.map(({ sortValue }) => sortValue),
        texts,
      );
    },
  },
  {
    id: 'values/combining-characters',
    level: 'MUST',
    title: 'the same letters written whole and with combining marks are different keys and texts, kept as written',
    async run(context) {
      const { storage, other } = context;
      const stem = context.word('key');
      // é and e with U+0301; क़ (U+0958) and क with U+093C; ﬁ as one sign and as two; with and without a joiner that nobody sees.
      const texts = ['\u00e9', 'e\u0301', '\u0958', '\u0915\u093c', '\ufb01', 'fi', 'fi\u200d'].map(
        (text) => stem + text,
      );
      const claims = texts.map((hash) => ({ scope: '*', rule: 'phone', hash, holderId: context.ids.next<'lead'>() }));
      deepStrictEqual(await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, claims)), []);
      for (const claim of claims) deepStrictEqual(await other.uniqueKeys.holders(null, [claim]), [claim]);
      const lead = sampleLead(context, { values: { names: texts }, entered: { names: texts.join('|') } });
      await inUnit(storage, 'documents', (unit) => storage.leads.insert(unit, [lead]));
      deepStrictEqual(await other.leads.get(null, [lead.id]), [lead]);
      const productLine = context.word('line');
      const facts = texts.map((source) => sampleFacts(context, { productLine, source }));
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, facts));
      for (const source of texts) {
        equal(await other.facts.count({ scope: everything, productLine, source: [source] }, 10), 1);
      }
    },
  },
  {
    id: 'values/fractions-exact',
    level: 'MUST',
    title: 'fractions come back as written to the last digit, so that a cursor continues right behind its row',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const scores = [-1 / 3, 5e-324, 0.1 + 0.2, 1.1, 9.027672457201737, 9.527672457201735, 12_345_678.901234567];
      const facts = scores.map((score) => sampleFacts(context, { productLine, score }));
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, facts));
      const sort = { by: 'score', direction: 'asc' } as const;
      let after: { value: string | number | null; leadId: string } | null = null;
      for (const score of scores) {
        const [found] = await other.facts.list({ filter: { scope: everything, productLine }, sort, after, limit: 1 });
        deepStrictEqual([found?.row.score, found?.sortValue], [score, score]);
        after = { value: score, leadId: found?.row.leadId ?? '' };
      }
    },
  },
  {
    id: 'values/operators-are-data',
    level: 'MUST',
    title: 'text that looks like an operator, a path or SQL is compared as text',
    async run(context) {
      const { storage, other } = context;
      const words = ['$where', '{"$gt":""}', "' OR 1=1 --", '%', '_', '*', '\\'];
      for (const word of words) {
        deepStrictEqual(await other.uniqueKeys.holders(null, [{ scope: '*', rule: 'phone', hash: word }]), []);
        deepStrictEqual(await other.leads.idsByNumber(null, [word]), new Map());
        equal(await other.users.get(null, word), null);
        deepStrictEqual(await other.commands.find(null, 'documents', word, [word]), []);
        equal(await other.facts.count({ scope: everything, productLine: word }, 10), 0);
      }
      const claims = words.map((hash) => ({
        scope: context.word('$scope'),
        rule: 'a.b',
        hash,
        holderId: context.word('$'),
      }));
      await inUnit(storage, 'documents', (unit) => storage.uniqueKeys.claim(unit, claims));
      const held = await other.uniqueKeys.holders(null, claims);
      deepStrictEqual(new Set(held.map((key) => key.holderId)), new Set(claims.map((claim) => claim.holderId)));
    },
  },
  {
    id: 'values/instants',
    level: 'MUST',
    title: 'instants keep their milliseconds and order, far past and far future too',
    async run(context) {
      const { storage, other } = context;
      const productLine = context.word('line');
      const instants = [
        '1970-01-01T00:00:00.000Z',
        instantAfter(0),
        instantAfter(1),
        '2038-01-19T03:14:08.001Z',
        '2999-12-31T23:59:59.999Z',
      ];
      const facts = instants.map((createdAt) => sampleFacts(context, { productLine, createdAt, decidedAt: createdAt }));
      await inUnit(storage, 'ledger', (unit) => storage.facts.project(unit, [...facts].reverse()));
      const sort = { by: 'createdAt', direction: 'asc' } as const;
      const rows = await other.facts.list({ filter: { scope: everything, productLine }, sort, after: null, limit: 9 });
      deepStrictEqual(
        rows.map(({ row }) => [row.createdAt, row.decidedAt]),
        instants.map((instant) => [instant, instant]),
      );
    },
  },
];
