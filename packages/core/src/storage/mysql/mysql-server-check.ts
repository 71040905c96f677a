import { LmsError } from '../../foundation/kernel/index.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { sessionMode } from './mysql-session.js';

/** What the server and this session are set to. */
export interface MysqlServerFacts {
  readonly version: string;
  readonly isolation: string;
  readonly mode: string;
  readonly clientCharacters: string;
  readonly connectionCharacters: string;
  readonly readOnly: number;
  readonly flushAtCommit: number;
  readonly innodb: number;
}

export async function mysqlServerFacts(connection: SqlConnection): Promise<MysqlServerFacts> {
  const versions = await connection.execute<{ readonly version: string }>({
    sql: 'SELECT VERSION() AS version',
    parameters: [],
  });
  const isolation = isMariaDb(versions.rows[0]?.version ?? '') ? '@@tx_isolation' : '@@transaction_isolation';
  const { rows } = await connection.execute<MysqlServerFacts>({
    sql:
      `SELECT VERSION() AS version, ${isolation} AS isolation, @@sql_mode AS mode, ` +
      '@@character_set_client AS clientCharacters, @@character_set_connection AS connectionCharacters, ' +
      '@@global.read_only AS readOnly, @@innodb_flush_log_at_trx_commit AS flushAtCommit, ' +
      "(SELECT COUNT(*) FROM information_schema.engines WHERE engine = 'InnoDB' AND support IN ('YES', 'DEFAULT')) AS innodb",
    parameters: [],
  });
  const [facts] = rows;
  if (facts === undefined) throw new LmsError('STORE_FAILED', { message: 'MySQL did not answer about its settings' });
  return facts;
}

interface Requirement {
  readonly setting: string;
  readonly holds: (facts: MysqlServerFacts) => boolean;
  readonly expected: string;
  readonly found: (facts: MysqlServerFacts) => string;
}

/** Every connection sets its session; where that did not take (a proxy in between), the guarantees would not hold. */
const requirements: readonly Requirement[] = [
  {
    setting: 'version',
    holds: (facts) => isSupported(facts.version),
    expected: 'MySQL 8.0.17 or later, or MariaDB 10.11 or later',
    found: (facts) => facts.version,
  },
  { setting: 'InnoDB', holds: (facts) => facts.innodb === 1, expected: 'the InnoDB engine', found: () => 'none' },
  {
    setting: 'transaction_isolation',
    holds: (facts) => facts.isolation === 'READ-COMMITTED',
    expected: 'READ-COMMITTED',
    found: (facts) => facts.isolation,
  },
  {
    setting: 'sql_mode',
    holds: (facts) => sessionMode.split(',').every((mode) => facts.mode.split(',').includes(mode)),
    expected: sessionMode,
    found: (facts) => facts.mode,
  },
  {
    setting: 'sql_mode',
    holds: (facts) => !facts.mode.split(',').includes('NO_BACKSLASH_ESCAPES'),
    expected: 'a mode without NO_BACKSLASH_ESCAPES',
    found: (facts) => facts.mode,
  },
  {
    setting: 'character_set_client',
    holds: (facts) => facts.clientCharacters === 'utf8mb4' && facts.connectionCharacters === 'utf8mb4',
    expected: "utf8mb4 (make the pool with charset: 'utf8mb4_bin')",
    found: (facts) => `${facts.clientCharacters}, ${facts.connectionCharacters}`,
  },
  {
    setting: 'read_only',
    holds: (facts) => facts.readOnly === 0,
    expected: 'OFF: the ledger is written on the primary',
    found: () => 'ON',
  },
];

/** @throws LmsError `STORE_MISCONFIGURED` naming the setting */
export function requireMysqlServer(facts: MysqlServerFacts, server: string): void {
  const broken = requirements.find((requirement) => !requirement.holds(facts));
  if (broken === undefined) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server}: ${broken.setting} is ${broken.found(facts)}; expected ${broken.expected}`,
    details: { setting: broken.setting },
  });
}

function isMariaDb(version: string): boolean {
  return /mariadb/i.test(version);
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10));
  const least = isMariaDb(version) ? [10, 11, 0] : [8, 0, 17];
  const found = [major, minor, patch];
  for (const [place, needed] of least.entries()) {
    const part = found[place] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}
