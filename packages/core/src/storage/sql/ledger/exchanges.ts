import { type Selectable, sql } from 'kysely';
import type {
  ExchangeOutcome,
  ExchangeQuery,
  ExchangeStore,
  ExchangeSummary,
  StoredExchange,
} from '../../../foundation/outbound/exchange-store.js';
import { inserter } from '../inserter.js';
import { prepare, runQuery } from '../prepared.js';
import { connectionOf, type SqlContext } from '../sql-unit.js';
import type { ExchangesTable } from '../tables-outbound.js';
import { trimOldest } from '../trim.js';

type ExchangeRow = Omit<Selectable<ExchangesTable>, 'format'>;
type SummaryRow = Omit<ExchangeRow, 'sealed_request' | 'sealed_response'>;

const summaryColumns = [
  'id',
  'target',
  'purpose',
  'subject_kind',
  'subject_id',
  'actor',
  'correlation_id',
  'method',
  'host',
  'path',
  'started_at',
  'request_bytes',
  'request_hash',
  'outcome',
  'finished_at',
  'status',
  'attempts',
  'response_bytes',
  'response_hash',
] as const satisfies readonly (keyof SummaryRow)[];

const columns = [
  ...summaryColumns,
  'sealed_request',
  'sealed_response',
] as const satisfies readonly (keyof ExchangeRow)[];

type FinishParameters = { readonly id: string } & ReturnType<typeof outcomeColumns>;

export function exchangeStore(context: SqlContext): ExchangeStore {
  const { query } = context.flavour;
  const exchanges = inserter(context.flavour, 'exchanges', [...columns]);
  const get = prepare<{ id: string }, ExchangeRow>((parameter) =>
    query.selectFrom('exchanges').select(columns).where('id', '=', parameter('id')),
  );
  const finish = prepare<FinishParameters, unknown>((parameter) =>
    query
      .updateTable('exchanges')
      .set({
        outcome: parameter('outcome'),
        finished_at: parameter('finished_at'),
        status: parameter('status'),
        attempts: parameter('attempts'),
        response_bytes: parameter('response_bytes'),
        response_hash: parameter('response_hash'),
        sealed_response: parameter('sealed_response'),
      })
      .where('id', '=', parameter('id'))
      .where('outcome', '=', 'open'),
  );
  return {
    async insert(unit, exchange) {
      await exchanges.insert(connectionOf(unit, 'ledger'), [rowOf(exchange)]);
    },
    async finish(unit, id, outcome) {
      return (await finish.run(connectionOf(unit, 'ledger'), { id, ...outcomeColumns(outcome) })) === 1;
    },
    async get(id) {
      const row = await get.first(context.reader, { id });
      return row && { ...summaryOf(row), sealedRequest: row.sealed_request, sealedResponse: row.sealed_response };
    },
    async list(wanted) {
      // Those of one subject are few, and all of one target the next of an index; every other list may pass over most of the table.
      const { subject, target, after: _after, limit: _limit, ...filters } = wanted;
      const isLed = subject !== undefined || (target !== undefined && Object.keys(filters).length === 0);
      const { rows } = await runQuery(isLed ? context.reader : context.scanner, listQuery(context, wanted));
      return rows.map(summaryOf);
    },
    trim: (before, limit) =>
      trimOldest(context, {
        home: 'ledger',
        table: 'exchanges',
        key: ['id'],
        where: sql`started_at < ${before}`,
        order: 'started_at',
        limit,
      }),
  };
}

function listQuery({ flavour }: SqlContext, wanted: ExchangeQuery) {
  let list = flavour.query.selectFrom('exchanges').select(summaryColumns);
  if (wanted.subject !== undefined) {
    const { kind, id } = wanted.subject;
    list = list.where('subject_kind', '=', kind).where('subject_id', '=', id);
  }
  if (wanted.target !== undefined) list = list.where('target', '=', wanted.target);
  if (wanted.purpose !== undefined) list = list.where('purpose', '=', wanted.purpose);
  if (wanted.end !== undefined) list = list.where('outcome', '=', wanted.end);
  if (wanted.from !== undefined) list = list.where('started_at', '>=', wanted.from);
  if (wanted.to !== undefined) list = list.where('started_at', '<', wanted.to);
  if (wanted.after !== undefined) list = list.where('id', '<', wanted.after);
  return list.orderBy('id', 'desc').limit(wanted.limit);
}

function outcomeColumns(outcome: ExchangeOutcome) {
  return {
    outcome: outcome.end,
    finished_at: outcome.finishedAt,
    status: outcome.status,
    attempts: outcome.attempts,
    response_bytes: outcome.responseBytes,
    response_hash: outcome.responseHash,
    sealed_response: outcome.sealedResponse,
  };
}

function rowOf(exchange: StoredExchange): ExchangeRow {
  return {
    id: exchange.id,
    target: exchange.target,
    purpose: exchange.purpose,
    subject_kind: exchange.subject?.kind ?? null,
    subject_id: exchange.subject?.id ?? null,
    actor: exchange.actor,
    correlation_id: exchange.correlationId,
    method: exchange.method,
    host: exchange.host,
    path: exchange.path,
    started_at: exchange.startedAt,
    request_bytes: exchange.requestBytes,
    request_hash: exchange.requestHash,
    sealed_request: exchange.sealedRequest,
    ...outcomeColumns(exchange),
  };
}

function summaryOf(row: SummaryRow): ExchangeSummary {
  const { subject_kind: kind, subject_id: id } = row;
  return {
    id: row.id,
    target: row.target,
    purpose: row.purpose,
    subject: kind === null || id === null ? null : { kind, id },
    actor: row.actor,
    correlationId: row.correlation_id,
    method: row.method,
    host: row.host,
    path: row.path,
    startedAt: row.started_at,
    requestBytes: row.request_bytes,
    requestHash: row.request_hash,
    end: row.outcome,
    finishedAt: row.finished_at,
    status: row.status,
    attempts: row.attempts,
    responseBytes: row.response_bytes,
    responseHash: row.response_hash,
  };
}
