import { LmsError } from '../../foundation/kernel/index.js';
import type { SqlConnection } from '../sql/sql-connection.js';
import { sessionMode } from './mysql-session.js';

/** What the server and this session are set to. */
export interface MysqlServerFacts {
  readonly version: string;
  readonly isolation: string;
  readonly mode: string;
  readonly timeZone: string;
  readonly autocommit: number;
  readonly clientCharacters: string;
  readonly connectionCharacters: string;
  readonly readOnly: number;
  readonly innodbReadOnly: number;
  readonly largestPacket: number;
  readonly flushAtCommit: number;
  readonly innodb: number;
  /** The server's clock, in milliseconds since 1970. */
  readonly now: number;
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
      '@@session.time_zone AS timeZone, @@session.autocommit AS autocommit, ' +
      '@@character_set_client AS clientCharacters, @@character_set_connection AS connectionCharacters, ' +
      '@@global.read_only AS readOnly, @@global.innodb_read_only AS innodbReadOnly, ' +
      '@@max_allowed_packet AS largestPacket, @@innodb_flush_log_at_trx_commit AS flushAtCommit, ' +
      "(SELECT COUNT(*) FROM information_schema.engines WHERE engine = 'InnoDB' AND support IN ('YES', 'DEFAULT')) AS innodb, " +
      'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS now',
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
  readonly found: (facts: MysqlServerFacts) => string | number;
  /** What to do. */
  readonly remedy: string;
}

/** A row of 15 MB in one statement, its quotes escaped; what MariaDB allows as it comes. */
const leastPacket = 16 * 1024 * 1024;

/** Every connection sets its session; where that did not take, the guarantees would not hold. */
const setByUs = 'LMS sets it on each connection: look for a proxy or an init_connect that takes it back';

const requirements: readonly Requirement[] = [
  {
    setting: 'version',
    holds: (facts) => isSupported(facts.version),
    expected: 'MySQL 8.0.17 or later, or MariaDB 10.11 or later',
    found: (facts) => facts.version,
    remedy: 'upgrade the server',
  },
  {
    setting: 'InnoDB',
    holds: (facts) => facts.innodb === 1,
    expected: 'the InnoDB engine',
    found: () => 'none',
    remedy: 'take InnoDB out of disabled_storage_engines and start the server anew',
  },
  {
    setting: 'transaction_isolation',
    holds: (facts) => facts.isolation === 'READ-COMMITTED',
    expected: 'READ-COMMITTED',
    found: (facts) => facts.isolation,
    remedy: setByUs,
  },
  {
    setting: 'sql_mode',
    holds: (facts) => sessionMode.split(',').every((mode) => facts.mode.split(',').includes(mode)),
    expected: sessionMode,
    found: (facts) => facts.mode || 'empty',
    remedy: setByUs,
  },
  {
    setting: 'sql_mode',
    holds: (facts) => !facts.mode.split(',').includes('NO_BACKSLASH_ESCAPES'),
    expected: 'a mode without NO_BACKSLASH_ESCAPES',
    found: (facts) => facts.mode,
    remedy: setByUs,
  },
  {
    setting: 'time_zone',
    holds: (facts) => facts.timeZone === '+00:00',
    expected: '+00:00 (UTC)',
    found: (facts) => facts.timeZone,
    remedy: setByUs,
  },
  {
    setting: 'autocommit',
    holds: (facts) => facts.autocommit === 1,
    expected: 'ON',
    found: () => 'OFF',
    remedy: setByUs,
  },
  {
    setting: 'character_set_client',
    holds: (facts) => facts.clientCharacters === 'utf8mb4' && facts.connectionCharacters === 'utf8mb4',
    expected: 'utf8mb4',
    found: (facts) => `${facts.clientCharacters}, ${facts.connectionCharacters}`,
    remedy: "make the pool with charset: 'utf8mb4_bin', and the server without skip-character-set-client-handshake",
  },
  {
    setting: 'read_only',
    holds: (facts) => facts.readOnly === 0,
    expected: 'OFF',
    found: () => 'ON',
    remedy: 'give the address of the primary, or SET GLOBAL read_only = OFF there',
  },
  {
    setting: 'innodb_read_only',
    holds: (facts) => facts.innodbReadOnly === 0,
    expected: 'OFF',
    found: () => 'ON',
    remedy: 'give the address of the primary, or start the server without innodb_read_only',
  },
  {
    setting: 'max_allowed_packet',
    holds: (facts) => facts.largestPacket >= leastPacket,
    expected: `${leastPacket} or more`,
    found: (facts) => facts.largestPacket,
    remedy: `a large lead would not fit into a statement: SET GLOBAL max_allowed_packet = ${4 * leastPacket}, and say so in the server's configuration file`,
  },
];

/** @throws LmsError `STORE_MISCONFIGURED` naming the setting, what it is, what it must be, and what to do */
export function requireMysqlServer(facts: MysqlServerFacts, server: string): void {
  const broken = requirements.find((requirement) => !requirement.holds(facts));
  if (broken === undefined) return;
  const { setting, expected, found, remedy } = broken;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server}: ${setting} is ${found(facts)}; expected ${expected}: ${remedy}`,
    details: { setting },
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
