import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import type { StoreAddress } from '../shapes.js';
import type { Captured } from './captured.js';
import { mongoScans } from './mongo-scans.js';

/** A statement that reads all of a table, and how the engine says so. */
export interface FullScan {
  readonly operation: string;
  readonly statement: string;
  readonly plan: string;
}

/** What may read all of a table, and why. */
const exemptions: readonly { readonly operation: string; readonly marked: RegExp; readonly reason: string }[] = [
  {
    operation: 'reports.funnel',
    marked: /count\(distinct stage_stays\.lead_id\)/,
    reason: 'counts every lead of a line: where that is most of the table, reading it whole is the quicker way',
  },
  {
    operation: 'lms.check',
    marked: /having sum\(/,
    reason: 'counts every lead once more, in an index, to compare the totals of boards with it',
  },
  {
    operation: 'exchanges.list',
    marked: /where [`"]?(outcome|purpose|started_at)[`"]? /,
    reason:
      'calls by time, purpose or outcome walk back from the newest, on the thread for wide reads; an index would cost every call',
  },
  ...['webhooks.add', 'webhooks.list', 'webhooks.get', 'store.health', 'lms.check', 'lms.tick'].map((operation) => ({
    operation,
    marked: /from [`"]?webhook_endpoints/,
    reason: 'receivers outside are few: no more than the settings allow',
  })),
  {
    operation: 'consents.wordings.list',
    marked: /from [`"]?consent_wordings[`"]?/,
    reason: 'the texts that people agree to are few: some versions for each purpose and language',
  },
  ...['lms.check', 'audit.seal'].map((operation) => ({
    operation,
    marked: /"audit" where "position" is null/,
    reason:
      'rows that are not sealed have an index of their own, which holds no others, and are taken a batch at a time',
  })),
  {
    operation: 'audit.list',
    marked: /event_type|"?at"? >=/,
    reason:
      'the trail by type or time walks back from the newest, on the thread for wide reads; an index would cost every write',
  },
];

function isExempt({ operation, statement }: FullScan): boolean {
  return exemptions.some((each) => each.operation === operation && each.marked.test(statement));
}

/** Pages along an index that nothing filters end with their limit, however long the table is. */
function isBoundedPage(statement: string): boolean {
  return !/ where /i.test(statement) && / order by .* limit /is.test(statement);
}

/** Asks the engines for the plan of each statement. */
export async function fullScans(address: StoreAddress, captured: readonly Captured[]): Promise<readonly FullScan[]> {
  const sql = distinct(
    captured.filter((each) => each.engine === 'sql'),
    ({ sql: text }) => text,
  );
  if (address.shape === 'sqlite') return scansOfSqlite(address.file, sql).filter((scan) => !isExempt(scan));
  const scans = [...(await scansOfMysql(address.mysqlUrl, sql))];
  if (address.shape === 'hybrid') {
    const commands = captured.filter((each) => each.engine === 'mongo');
    scans.push(
      ...(await scansOfMongo(
        address.mongoUrl,
        distinct(commands, ({ command }) => shapeOf(command)),
      )),
    );
  }
  return scans.filter((scan) => !isExempt(scan));
}

type SqlCaptured = Extract<Captured, { readonly engine: 'sql' }>;
type MongoCaptured = Extract<Captured, { readonly engine: 'mongo' }>;

function distinct<Each>(all: readonly Each[], name: (each: Each) => string): readonly Each[] {
  return [...new Map(all.map((each) => [name(each), each])).values()];
}

const explained = /^\s*(select|insert|update|delete|with)\b/i;

function scansOfSqlite(file: string, statements: readonly SqlCaptured[]): readonly FullScan[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return statements
    .filter(({ sql }) => explained.test(sql) && !/^insert.*values/is.test(sql))
    .flatMap(({ operation, sql }) => {
      const plans = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      const details = plans.map(({ detail }) => String(detail));
      const inIndexOrder = !details.some((detail) => detail.includes('TEMP B-TREE'));
      if (inIndexOrder && isBoundedPage(sql)) return [];
      const scans = details.filter((detail) => /^SCAN /.test(detail) && !isMadeUp(detail));
      return scans.map((plan) => ({ operation, statement: sql, plan }));
    });
}

/** Of what the statement itself made, not of a table. */
function isMadeUp(detail: string): boolean {
  return /^SCAN (CONSTANT ROW|\(|pragma_|(expired|matching|parts?|page|counted|json_each|sqlite_master)( |$))/.test(
    detail,
  );
}

/** Where an engine reads a whole table because it is small, that is no fault of the statement. */
const smallTable = 300;

async function scansOfMysql(url: string, statements: readonly SqlCaptured[]): Promise<readonly FullScan[]> {
  const connection = await createConnection(url);
  try {
    // MySQL 9 has a second form, which says the same in other words; MariaDB knows no such setting.
    await connection.query('SET SESSION explain_json_format_version = 1').catch(() => undefined);
    const scans: FullScan[] = [];
    for (const { operation, sql, values } of statements.filter(({ sql: text }) => explained.test(text))) {
      const [rows] = await connection.query(`EXPLAIN FORMAT=JSON ${sql}`, [...values]);
      const plan: unknown = JSON.parse(Object.values(firstOf(rows)).join(''));
      for (const table of tablesOf(plan)) scans.push({ operation, statement: sql, plan: table });
    }
    return scans;
  } finally {
    await connection.end();
  }
}

function firstOf(rows: unknown): Readonly<Record<string, unknown>> {
  const [first]: readonly unknown[] = Array.isArray(rows) ? rows : [];
  return typeof first === 'object' && first !== null ? { ...first } : {};
}

/** The tables of a plan that are read whole, wherever in it they are. */
function tablesOf(plan: unknown): readonly string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const inside = Object.values(plan).flatMap(tablesOf);
  if (!('access_type' in plan) || !('table_name' in plan)) return inside;
  const rows = 'rows_examined_per_scan' in plan ? plan.rows_examined_per_scan : 'rows' in plan ? plan.rows : 0;
  const isWhole = plan.access_type === 'ALL' || plan.access_type === 'index';
  const isTable = !String(plan.table_name).startsWith('<') && !('materialized_from_subquery' in plan);
  return isWhole && isTable && Number(rows) > smallTable
    ? [`${plan.access_type} of ${plan.table_name}: ${Number(rows)} rows`, ...inside]
    : inside;
}

async function scansOfMongo(url: string, commands: readonly MongoCaptured[]): Promise<readonly FullScan[]> {
  await using client = new MongoClient(url);
  const scans: FullScan[] = [];
  for (const { operation, command } of commands.filter((each) => !('insert' in each.command))) {
    const explain = await client.db().command({ explain: withoutSession(command), verbosity: 'queryPlanner' });
    const statement = textOf(withoutSession(command)).slice(0, 500);
    for (const plan of mongoScans(command, explain)) scans.push({ operation, statement, plan });
  }
  return scans;
}

const sessionFields: ReadonlySet<string> = new Set([
  ...['lsid', 'txnNumber', 'autocommit', 'startTransaction', 'readConcern', 'writeConcern', '$db', '$clusterTime'],
  ...['$readPreference', 'maxTimeMS'],
]);

function withoutSession(command: MongoCaptured['command']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(command).filter(([field]) => !sessionFields.has(field)));
}

/** Amounts and counters are 64-bit integers. */
function textOf(command: object): string {
  return JSON.stringify(command, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** A command without its values: two that differ in nothing else have one plan. */
function shapeOf(command: MongoCaptured['command']): string {
  const [verb = ''] = Object.keys(command);
  return `${verb} ${String(command[verb])} ${JSON.stringify(withoutSession(command), (key, value: unknown) =>
    key === '' || typeof value === 'object' ? value : typeof value,
  )}`;
}
