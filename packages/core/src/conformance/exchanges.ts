import { deepStrictEqual, equal } from 'node:assert/strict';
import { toInstant } from '../foundation/kernel/index.js';
import {
  type ExchangeOutcome,
  type ExchangeSummary,
  type StoredExchange,
  unended,
} from '../foundation/outbound/exchange-store.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, together } from './together.js';

const callers = 20;

function sampleExchange(context: ConformanceContext, change: Partial<StoredExchange> = {}): StoredExchange {
  return {
    id: context.ids.next<'exchange'>(),
    target: context.word('target'),
    purpose: 'bureau-pull',
    subject: { kind: 'lead', id: context.ids.next<'lead'>() },
    actor: 'user:asha',
    correlationId: null,
    method: 'POST',
    host: 'api.lender.example:8443',
    path: '/applications/{reference}',
    startedAt: instantAfter(0),
    requestBytes: 180,
    requestHash: 'ab'.repeat(32),
    sealedRequest: 'c2VhbGVkIHJlcXVlc3Q=',
    ...unended,
    ...change,
  };
}

const answered: ExchangeOutcome = {
  end: 'answered',
  finishedAt: instantAfter(840),
  status: 201,
  attempts: 2,
  responseBytes: 64,
  responseHash: 'cd'.repeat(32),
  sealedResponse: 'c2VhbGVkIGFuc3dlcg==',
};

function summaryOf({
  sealedRequest: _request,
  sealedResponse: _response,
  ...summary
}: StoredExchange): ExchangeSummary {
  return summary;
}

function keep({ storage }: ConformanceContext, exchanges: readonly StoredExchange[]): Promise<void> {
  return inUnit(storage, 'ledger', async (unit) => {
    for (const exchange of exchanges) await storage.exchanges.insert(unit, exchange);
  });
}

export const exchangeCases: readonly ConformanceCase[] = [
  {
    id: 'exchanges/finish-once',
    level: 'MUST',
    title: 'of 20 callers who end an open record at once one gets true, and it is read back as that one wrote it',
    async run(context) {
      const exchange = sampleExchange(context);
      await keep(context, [exchange]);
      deepStrictEqual(await context.other.exchanges.get(exchange.id), exchange);
      const ended = await together(context, callers, (store, caller) =>
        inUnit(store, 'ledger', (unit) =>
          store.exchanges.finish(unit, exchange.id, { ...answered, attempts: caller + 1 }),
        ),
      );
      equal(ended.filter(Boolean).length, 1, 'callers whose finish gave true');
      const attempts = ended.indexOf(true) + 1;
      deepStrictEqual(await context.storage.exchanges.get(exchange.id), { ...exchange, ...answered, attempts });
      const unknown = context.ids.next<'exchange'>();
      equal(
        await inUnit(context.storage, 'ledger', (unit) => context.storage.exchanges.finish(unit, unknown, answered)),
        false,
      );
      equal(await context.storage.exchanges.get(unknown), null);
    },
  },
  {
    id: 'exchanges/list',
    level: 'MUST',
    title: 'records are listed newest first, page by page, by each filter, without their content',
    async run(context) {
      const { other } = context;
      const target = context.word('target');
      const subject = { kind: 'lead', id: context.ids.next<'lead'>() };
      const exchanges = Array.from({ length: 6 }, (_, at) =>
        sampleExchange(context, {
          target,
          purpose: at % 2 === 0 ? 'bureau-pull' : 'status',
          startedAt: instantAfter(at),
          ...(at < 3 ? { subject } : { subject: null }),
          ...(at === 5 ? { ...answered, end: 'OUTBOUND_TIMEOUT' } : {}),
        }),
      );
      await keep(context, [...exchanges, sampleExchange(context)]);
      const newest = exchanges.map(summaryOf).reverse();
      const first = await other.exchanges.list({ target, limit: 4 });
      const rest = await other.exchanges.list({ target, limit: 4, after: first.at(-1)?.id ?? '' });
      deepStrictEqual([...first, ...rest], newest);
      const matching = async (
        query: Partial<Parameters<typeof other.exchanges.list>[0]>,
        expected: (exchange: ExchangeSummary) => boolean,
      ): Promise<void> =>
        deepStrictEqual(await other.exchanges.list({ target, limit: 50, ...query }), newest.filter(expected));
      await matching({ purpose: 'status' }, (exchange) => exchange.purpose === 'status');
      await matching({ subject }, (exchange) => exchange.subject !== null);
      await matching({ end: 'open' }, (exchange) => exchange.end === 'open');
      await matching({ end: 'OUTBOUND_TIMEOUT' }, (exchange) => exchange.end === 'OUTBOUND_TIMEOUT');
      await matching({ from: instantAfter(2), to: instantAfter(5) }, ({ startedAt }) =>
        [2, 3, 4].some((at) => startedAt === instantAfter(at)),
      );
    },
  },
  {
    id: 'exchanges/trim',
    level: 'MUST',
    title: 'trim forgets only records begun before the instant, the oldest first, at most as many as said',
    async run(context) {
      const { storage, other } = context;
      const longAgo = Date.UTC(2001, 0, 1);
      const old = Array.from({ length: 5 }, (_, at) => sampleExchange(context, { startedAt: toInstant(longAgo + at) }));
      const fresh = sampleExchange(context);
      await keep(context, [...old, fresh]);
      const left = async (): Promise<number> => {
        const found = await Promise.all(old.map(({ id }) => other.exchanges.get(id)));
        return found.filter((exchange) => exchange !== null).length;
      };
      equal(await other.exchanges.trim(toInstant(longAgo + 4), 3), 3);
      equal(await left(), 2);
      equal(await other.exchanges.trim(toInstant(longAgo + 4), 3), 1);
      equal(await other.exchanges.trim(toInstant(longAgo + 4), 3), 0);
      equal(await left(), 1);
      equal(await storage.exchanges.trim(toInstant(longAgo + 1000), 10), 1);
      deepStrictEqual(await storage.exchanges.get(fresh.id), fresh);
    },
  },
];
