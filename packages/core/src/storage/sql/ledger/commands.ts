import { type Selectable, sql } from 'kysely';
import type { CommandRecord, Commands, Home } from '../../../foundation/persistence/index.js';
import { inserter } from '../inserter.js';
import { prepare, prepareList } from '../prepared.js';
import { DuplicateKey, type SqlConnection } from '../sql-connection.js';
import { connectionOf, readerFor, type SqlContext } from '../sql-unit.js';
import type { CommandsTable } from '../tables.js';
import { trimOldest } from '../trim.js';

type CommandRow = Selectable<CommandsTable>;

const columns = [
  'home',
  'scope',
  'command_key',
  'body_hash',
  'aggregate_kind',
  'aggregate_id',
  'version',
  'at',
  'expires_at',
] as const satisfies readonly (keyof CommandRow)[];

export function commandStore(context: SqlContext): Commands {
  const { query } = context.flavour;
  const commands = inserter(context.flavour, 'commands', columns);
  const find = prepareList<string, { home: Home; scope: string }, CommandRow>((keys, parameter) =>
    query
      .selectFrom('commands')
      .select(columns)
      .where('home', '=', parameter('home'))
      .where('scope', '=', parameter('scope'))
      .where('command_key', 'in', keys),
  );
  const removeExpired = prepare<{ home: Home; scope: string; key: string; at: string }, unknown>((parameter) =>
    query
      .deleteFrom('commands')
      .where('home', '=', parameter('home'))
      .where('scope', '=', parameter('scope'))
      .where('command_key', '=', parameter('key'))
      .where('expires_at', '<=', parameter('at')),
  );

  /** Inserts again the rows whose key was taken, after removing what had expired under it. */
  async function replaceExpired(connection: SqlConnection, home: Home, rows: readonly CommandRow[]): Promise<void> {
    for (const row of rows) {
      await removeExpired.run(connection, { home, scope: row.scope, key: row.command_key, at: row.at });
      if (!(await commands.insertOne(connection, row)))
        throw new DuplicateKey('The command key was recorded meanwhile');
    }
  }

  return {
    async find(unit, home, scope, keys) {
      const rows = await find.all(readerFor(context, unit, home), keys, { home, scope });
      return rows.map(recordOf);
    },
    async record(unit, records) {
      const connection = connectionOf(unit, unit.home);
      const taken = await commands.insertReturningTaken(
        connection,
        records.map((record) => rowOf(unit.home, record)),
      );
      await replaceExpired(connection, unit.home, taken);
    },
    trim: (home, at, limit) =>
      trimOldest(context, {
        home,
        table: 'commands',
        key: ['home', 'scope', 'command_key'],
        where: sql`home = ${home} and expires_at < ${at}`,
        order: 'expires_at',
        limit,
      }),
  };
}

function rowOf(home: Home, record: CommandRecord): CommandRow {
  return {
    home,
    scope: record.scope,
    command_key: record.key,
    body_hash: record.bodyHash,
    aggregate_kind: record.aggregateKind,
    aggregate_id: record.aggregateId,
    version: record.version,
    at: record.at,
    expires_at: record.expiresAt,
  };
}

function recordOf(row: CommandRow): CommandRecord {
  return {
    scope: row.scope,
    key: row.command_key,
    bodyHash: row.body_hash,
    aggregateKind: row.aggregate_kind,
    aggregateId: row.aggregate_id,
    version: row.version,
    at: row.at,
    expiresAt: row.expires_at,
  };
}
