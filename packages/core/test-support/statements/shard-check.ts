import { type ShardKey, shardExemptions, shardKeys } from '../../src/storage/shard-keys.js';
import type { Captured } from './captured.js';

/** A statement that would have to be sent to every server, although nothing says why it may. */
export interface Unsharded {
  readonly operation: string;
  readonly table: string;
  readonly statement: string;
}

export interface ShardReport {
  readonly unsharded: readonly Unsharded[];
  /** Tables of exemptions that some statement used. */
  readonly exempted: ReadonlySet<string>;
}

/** Looks whether each statement carries the shard key of each table that it touches. */
export function shardReport(captured: readonly Captured[]): ShardReport {
  const unsharded = new Map<string, Unsharded>();
  const exempted = new Set<string>();
  for (const each of captured) {
    const touched = each.engine === 'sql' ? touchedBySql(each.sql) : touchedByMongo(each.command);
    for (const { key, statement, carries } of touched) {
      if (carries) continue;
      const exemption = shardExemptions.find(({ table, marked }) => table === key.table && marked.test(statement));
      if (exemption !== undefined) exempted.add(exemption.table);
      else unsharded.set(`${key.table} ${statement}`, { operation: each.operation, table: key.table, statement });
    }
  }
  return { unsharded: [...unsharded.values()], exempted };
}

interface Touched {
  readonly key: ShardKey;
  readonly statement: string;
  readonly carries: boolean;
}

function touchedBySql(sql: string): readonly Touched[] {
  const statement = sql.replaceAll(/\s+/g, ' ');
  return shardKeys.flatMap((key) => {
    const { table, sql: columns } = key;
    if (
      columns === null ||
      !new RegExp(`(from|join|into|(?<!key )update) [\`"]?${table}[\`"]?\\b`, 'i').test(statement)
    )
      return [];
    const inserted = new RegExp(`^insert into [\`"]?${table}[\`"]? \\(([^)]*)\\)`, 'i').exec(statement)?.[1];
    const carries = columns.some((column) =>
      inserted === undefined
        ? new RegExp(`\\b${column}[\`"]? (=|in) (\\?|\\(\\?|[\`"]?lead_facts|[\`"]?stage_stays)`, 'i').test(
            conditionsOf(statement),
          )
        : new RegExp(`\\b${column}\\b`).test(inserted),
    );
    return [{ key, statement, carries }];
  });
}

/** Without what an UPDATE sets, which may be the key too. */
function conditionsOf(statement: string): string {
  return statement.replace(/ set .*? where /i, ' where ');
}

function touchedByMongo(command: Readonly<Record<string, unknown>>): readonly Touched[] {
  const [verb = ''] = Object.keys(command);
  const key = shardKeys.find(({ table, mongo }) => mongo !== null && table === command[verb]);
  if (key === undefined || verb === 'insert') return [];
  const filters = filtersOf(command);
  const statement = `${verb} ${key.table} ${JSON.stringify(filters)}`;
  return [{ key, statement, carries: filters.length > 0 && filters.every((filter) => namesId(filter)) }];
}

/** The filters of a find, an update, a delete or a count. */
function filtersOf(command: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { filter, query, updates, deletes, pipeline } = command;
  const inside = (list: unknown, name: string): readonly unknown[] =>
    Array.isArray(list) ? list.map((item: unknown) => (isRecord(item) ? item[name] : undefined)) : [];
  const all = [filter, query, ...inside(updates, 'q'), ...inside(deletes, 'q'), ...inside(pipeline, '$match')];
  return all.filter((each) => each !== undefined);
}

function namesId(filter: unknown): boolean {
  if (!isRecord(filter)) return false;
  const id = filter['_id'];
  // A range between two ids is of one key; one that is open goes through all of them.
  if (id !== undefined) return !(isRecord(id) && '$gt' in id && !('$lt' in id) && typeof id['$gt'] === 'string');
  const alternatives = filter['$or'];
  return Array.isArray(alternatives) && alternatives.length > 0 && alternatives.every(namesId);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
