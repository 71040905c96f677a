import type { Selectable } from 'kysely';
import type { UniqueKey, UniqueKeyHolder, UniqueKeys } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { prepare, prepareList } from '../prepared.js';
import type { SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { UniqueKeysTable } from '../tables.js';

type KeyRow = Selectable<UniqueKeysTable>;

const columns = ['scope', 'rule', 'hash', 'holder_id'] as const satisfies readonly (keyof KeyRow)[];

export function uniqueKeyStore(context: SqlContext): UniqueKeys {
  const { query, locksRows } = context.flavour;
  const keys = inserter(context.flavour, 'unique_keys', columns);

  const holdersOf = (lock: boolean) =>
    prepareList<string, { scope: string; rule: string }, KeyRow>((hashes, parameter) =>
      query
        .selectFrom('unique_keys')
        .select(columns)
        .where('scope', '=', parameter('scope'))
        .where('rule', '=', parameter('rule'))
        .where('hash', 'in', hashes)
        .$if(lock, (select) => select.forUpdate()),
    );
  const holders = holdersOf(false);
  const holdersLocked = locksRows ? holdersOf(true) : holders;
  const heldBy = prepare<{ holder: string }, KeyRow>((parameter) =>
    query
      .selectFrom('unique_keys')
      .select(columns)
      .where('holder_id', '=', parameter('holder'))
      .orderBy('scope')
      .orderBy('rule')
      .orderBy('hash'),
  );
  const next = prepare<{ after: string; limit: number }, KeyRow>((parameter) =>
    query
      .selectFrom('unique_keys')
      .select(columns)
      .where('holder_id', '>', parameter('after'))
      .orderBy('holder_id')
      .limit(parameter('limit')),
  );
  const releaseAll = prepare<{ holder: string }, unknown>((parameter) =>
    query.deleteFrom('unique_keys').where('holder_id', '=', parameter('holder')),
  );
  const release = prepare<UniqueKey & { holder: string }, unknown>((parameter) =>
    query
      .deleteFrom('unique_keys')
      .where('scope', '=', parameter('scope'))
      .where('rule', '=', parameter('rule'))
      .where('hash', '=', parameter('hash'))
      .where('holder_id', '=', parameter('holder')),
  );

  /** One statement for each scope and rule among the keys, so that the primary key is entered by its prefix. */
  async function read(
    statement: typeof holders,
    connection: SqlConnection,
    wanted: readonly UniqueKey[],
  ): Promise<readonly KeyRow[]> {
    const groups = new Map<string, { scope: string; rule: string; hashes: Set<string> }>();
    for (const { scope, rule, hash } of wanted) {
      const name = JSON.stringify([scope, rule]);
      const group = groups.get(name);
      if (group) group.hashes.add(hash);
      else groups.set(name, { scope, rule, hashes: new Set([hash]) });
    }
    const rows: KeyRow[] = [];
    for (const { scope, rule, hashes } of groups.values()) {
      rows.push(...(await statement.all(connection, [...hashes], { scope, rule })));
    }
    return rows;
  }

  async function list(after: string | null, limit: number): Promise<readonly UniqueKeyHolder[]> {
    const rows = await next.all(context.scanner, { after: after ?? '', limit });
    const last = rows.at(-1);
    if (last === undefined) return [];
    const whole = await heldBy.all(context.scanner, { holder: last.holder_id });
    const page = [...rows.filter(({ holder_id }) => holder_id !== last.holder_id), ...whole];
    // It may have given all of them back meanwhile.
    return page.length === 0 ? list(last.holder_id, limit) : page.map(holderOf);
  }

  return {
    async claim(unit, claims) {
      const connection = connectionOf(unit, 'documents');
      const rows = claims.map(({ scope, rule, hash, holderId }) => ({ scope, rule, hash, holder_id: holderId }));
      if ((await keys.insertKeepingExisting(connection, rows)) === rows.length) return [];
      const held = new Map((await read(holdersLocked, connection, claims)).map((row) => [nameOf(row), row.holder_id]));
      return claims.flatMap((claim) => {
        const holderId = held.get(nameOf(claim));
        return holderId === undefined || holderId === claim.holderId ? [] : [{ claim, holderId }];
      });
    },
    async release(unit, holderId, given) {
      const connection = connectionOf(unit, 'documents');
      if (given === undefined) await releaseAll.run(connection, { holder: holderId });
      else for (const key of given) await release.run(connection, { ...key, holder: holderId });
    },
    async holders(unit, wanted) {
      return (await read(holders, readerFor(context, unit, 'documents'), wanted)).map(holderOf);
    },
    async heldBy(unit, holderId) {
      const rows = await heldBy.all(readerFor(context, unit, 'documents'), { holder: holderId });
      return rows.map(({ scope, rule, hash }) => ({ scope, rule, hash }));
    },
    list,
  };
}

/** A key as one text; no two keys share one. */
function nameOf({ scope, rule, hash }: UniqueKey): string {
  return JSON.stringify([scope, rule, hash]);
}

function holderOf(row: KeyRow): UniqueKeyHolder {
  return { scope: row.scope, rule: row.rule, hash: row.hash, holderId: row.holder_id };
}
