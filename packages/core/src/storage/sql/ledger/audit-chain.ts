import { type Selectable, sql } from 'kysely';
import type {
  AuditChainStore,
  ChainRow,
  DailyHead,
  SealedPlace,
  SignedHead,
  UnsealedRow,
} from '../../../foundation/audit/audit-chain-store.js';
import type { AuditPayload } from '../../../foundation/audit/audit-store.js';
import { inserter } from '../inserter.js';
import { compilable, prepare, prepareList, runQuery } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { AuditHeadsTable } from '../tables-audit.js';
import { type AuditRowRead, auditRowOf, readColumns, versionText } from './audit.js';

type HeadRow = Selectable<AuditHeadsTable>;

const headColumns = ['name', 'position', 'chain_hash', 'at', 'mac'] as const satisfies readonly (keyof HeadRow)[];
const unsealedColumns = ['id', 'payload_hash', 'aggregate_kind', 'aggregate_id'] as const;
type UnsealedRowRead = Pick<AuditRowRead, (typeof unsealedColumns)[number] | 'version_text'>;
const current = 'now';
/** Names of days begin with a digit, so they come before it. */
const dayLength = 'YYYY-MM-DD'.length;
const placesAtOnce = 500;
const firstPosition = 1;
const fewRows = 1_000;

export function auditChainStore(context: SqlContext): AuditChainStore {
  const { query, locksRows } = context.flavour;
  const heads = inserter(context.flavour, 'audit_heads', headColumns);
  const headNow = (lock: boolean) =>
    prepare<{ name: string }, HeadRow>((parameter) =>
      query
        .selectFrom('audit_heads')
        .select(headColumns)
        .where('name', '=', parameter('name'))
        .$if(lock, (select) => select.forUpdate()),
    );
  const found = headNow(false);
  const foundLocked = locksRows ? headNow(true) : found;
  const replaceHead = prepare<Omit<HeadRow, 'name'> & { name: string; after: number }, unknown>((parameter) =>
    query
      .updateTable('audit_heads')
      .set({
        position: parameter('position'),
        chain_hash: parameter('chain_hash'),
        at: parameter('at'),
        mac: parameter('mac'),
      })
      .where('name', '=', parameter('name'))
      .where('position', '=', parameter('after')),
  );
  const unsealed = prepare<{ limit: number }, UnsealedRowRead>((parameter) =>
    query
      .selectFrom('audit')
      .select([...unsealedColumns, versionText])
      .where('position', 'is', null)
      .orderBy('id')
      .limit(parameter('limit')),
  );
  const byAggregate = context.flavour.byIndex('audit_by_aggregate');
  const names = sql.join([...unsealedColumns.map((column) => sql.ref(column)), versionText]);
  const unsealedAbout = prepareList<string, { kind: string; after: string; limit: number }, UnsealedRowRead>(
    (ids, parameter) =>
      compilable(
        context.flavour,
        sql<UnsealedRowRead>`select ${names} from audit${byAggregate} where aggregate_kind = ${parameter('kind')} and aggregate_id in (${sql.join(ids)}) and id > ${parameter('after')} and position is null order by id limit ${parameter('limit')}`,
      ),
  );
  const positioned = prepare<{ after: number; limit: number }, AuditRowRead>((parameter) =>
    query
      .selectFrom('audit')
      .select(readColumns)
      .where('position', '>', parameter('after'))
      .orderBy('position')
      .limit(parameter('limit')),
  );
  const beforeFirst = prepare<{ limit: number }, AuditRowRead>((parameter) =>
    query
      .selectFrom('audit')
      .select(readColumns)
      .where('position', '<', firstPosition)
      .orderBy('position')
      .limit(parameter('limit')),
  );
  const anyAfter = prepare<{ position: number }, { id: string }>((parameter) =>
    query.selectFrom('audit').select('id').where('position', '>', parameter('position')).limit(1),
  );
  const furthestDay = prepare<{ current: string }, HeadRow>((parameter) =>
    query
      .selectFrom('audit_heads')
      .select(headColumns)
      .where('name', '<', parameter('current'))
      .orderBy('position', 'desc')
      .orderBy('name', 'desc')
      .limit(1),
  );
  const days = prepare<{ day: string; current: string; limit: number }, HeadRow>((parameter) =>
    query
      .selectFrom('audit_heads')
      .select(headColumns)
      .where('name', '>', parameter('day'))
      .where('name', '<', parameter('current'))
      .orderBy('name')
      .limit(parameter('limit')),
  );
  const oldest = prepare<object, { at: string }>(() =>
    query.selectFrom('audit').select('at').where('position', 'is', null).orderBy('id').limit(1),
  );

  return {
    async head(unit) {
      const statement = unit === null ? found : foundLocked;
      const row = await statement.first(readerFor(context, unit, 'ledger'), { name: current });
      return row && headOf(row);
    },
    async unsealed(unit, limit) {
      const rows = await unsealed.all(connectionOf(unit, 'ledger'), { limit });
      return rows.map(unsealedOf);
    },
    async unsealedAbout(unit, aggregates, after, limit) {
      const connection = connectionOf(unit, 'ledger');
      const rows: UnsealedRowRead[] = [];
      for (const kind of new Set(aggregates.map((aggregate) => aggregate.kind))) {
        const ids = aggregates.filter((aggregate) => aggregate.kind === kind).map(({ id }) => id);
        rows.push(...(await unsealedAbout.all(connection, ids, { kind, after, limit })));
      }
      return rows
        .map(unsealedOf)
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, limit);
    },
    async extend(unit, { places, head, after }) {
      const connection = connectionOf(unit, 'ledger');
      const row = headRow(current, head);
      // Two firsts: one of them meets the other's row, and its unit is repeated.
      if (after === 0) await heads.insert(connection, [row]);
      else if ((await replaceHead.run(connection, { ...row, after })) !== 1) return false;
      for (let at = 0; at < places.length; at += placesAtOnce) {
        await place(context, connection, places.slice(at, at + placesAtOnce));
      }
      const day = headRow(head.at.slice(0, dayLength), head);
      await heads.insertOverwriting(connection, [day], ['position', 'chain_hash', 'at', 'mac']);
      return true;
    },
    async rows(after, limit) {
      return (await positioned.all(context.scanner, { after, limit })).map(chainRowOf);
    },
    async hasRowsAfter(unit, position) {
      return (await anyAfter.first(readerFor(context, unit, 'ledger'), { position })) !== null;
    },
    async strays(limit) {
      return (await beforeFirst.all(context.scanner, { limit })).map(chainRowOf);
    },
    async lastDay(unit) {
      const row = await furthestDay.first(readerFor(context, unit, 'ledger'), { current });
      return row && dailyHeadOf(row);
    },
    async dailyHeads(day, limit) {
      return (await days.all(context.reader, { day, current, limit })).map(dailyHeadOf);
    },
    async waiting(most) {
      const some = query.selectFrom('audit').select('id').where('position', 'is', null).limit(most);
      const count = sql<{ count: number }>`select count(*) as count from (${some}) as waiting`;
      // Whether any wait is asked with each command; so few are no work for a thread, which may not run yet.
      const reader = most > fewRows ? context.scanner : context.reader;
      const { rows } = await runQuery(reader, compilable(context.flavour, count));
      const found = rows[0]?.count ?? 0;
      if (found === 0) return { count: 0, oldestAt: null };
      return { count: found, oldestAt: (await oldest.first(context.reader, {}))?.at ?? null };
    },
  };
}

/** A row that has a place keeps it. */
async function place(
  { flavour }: SqlContext,
  connection: SqlConnection,
  places: readonly SealedPlace[],
): Promise<void> {
  if (connection.executeEach !== undefined) {
    const update = 'update audit set position = ?, prev_hash = ?, chain_hash = ? where id = ? and position is null';
    const lists = places.map(({ id, position, prevHash, chainHash }) => [position, prevHash, chainHash, id]);
    await connection.executeEach(update, lists);
    return;
  }
  const ids = sql.join(places.map(({ id }) => id));
  const nth = sql`field(id, ${ids})`;
  const pick = (values: readonly (string | number)[]) => sql`elt(${nth}, ${sql.join(values)})`;
  const update = sql`update audit set position = ${nth} + ${(places[0]?.position ?? 1) - 1},
    prev_hash = ${pick(places.map(({ prevHash }) => prevHash))},
    chain_hash = ${pick(places.map(({ chainHash }) => chainHash))}
    where id in (${ids}) and position is null`;
  await runQuery(connection, compilable(flavour, update));
}

function unsealedOf(row: UnsealedRowRead): UnsealedRow {
  const aggregate = { kind: row.aggregate_kind, id: row.aggregate_id, version: Number(row.version_text) };
  return { id: row.id, payloadHash: row.payload_hash, aggregate };
}

function headRow(name: string, { position, chainHash, at, mac }: SignedHead): HeadRow {
  return { name, position, chain_hash: chainHash, at, mac };
}

function headOf({ position, chain_hash: chainHash, at, mac }: HeadRow): SignedHead {
  return { position, chainHash, at, mac };
}

function dailyHeadOf(row: HeadRow): DailyHead {
  return { day: row.name, ...headOf(row) };
}

function chainRowOf(row: AuditRowRead): ChainRow {
  return {
    id: row.id,
    position: Number(row.position_text),
    payloadHash: row.payload_hash,
    prevHash: row.prev_hash,
    chainHash: row.chain_hash,
    payload: payloadOf(row),
  };
}

/** Text that is no JSON any more, and a version that is no number here, were written by somebody else. */
function payloadOf(row: AuditRowRead): AuditPayload | null {
  if (!Number.isSafeInteger(Number(row.version_text))) return null;
  try {
    const {
      payloadHash: _payload,
      position: _position,
      prevHash: _prev,
      chainHash: _chain,
      ...payload
    } = auditRowOf(row);
    return payload;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
