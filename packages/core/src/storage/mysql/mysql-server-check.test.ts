import { expect, it } from 'vitest';
import { type MysqlServerFacts, requireMysqlServer } from './mysql-server-check.js';
import { sessionMode } from './mysql-session.js';

const good: MysqlServerFacts = {
  version: '9.4.0',
  isolation: 'READ-COMMITTED',
  mode: sessionMode,
  timeZone: '+00:00',
  autocommit: 1,
  clientCharacters: 'utf8mb4',
  connectionCharacters: 'utf8mb4',
  readOnly: 0,
  innodbReadOnly: 0,
  largestPacket: 16 * 1024 * 1024,
  flushAtCommit: 1,
  innodb: 1,
  now: 0,
};

it.each(['8.0.17', '8.4.3', '9.0.0-rc', '10.11.6-MariaDB-1', '11.4.2-MariaDB'])('takes version %s', (version) => {
  requireMysqlServer({ ...good, version }, 'mysql');
});

it.each([
  { change: { version: '5.7.44' }, setting: 'version' },
  { change: { version: '8.0.16' }, setting: 'version' },
  { change: { version: '10.6.18-MariaDB' }, setting: 'version' },
  { change: { innodb: 0 }, setting: 'InnoDB' },
  { change: { isolation: 'REPEATABLE-READ' }, setting: 'transaction_isolation' },
  { change: { mode: '' }, setting: 'sql_mode' },
  { change: { mode: `${sessionMode},NO_BACKSLASH_ESCAPES` }, setting: 'sql_mode' },
  { change: { clientCharacters: 'utf8mb3' }, setting: 'character_set_client' },
  { change: { connectionCharacters: 'latin1' }, setting: 'character_set_client' },
  { change: { readOnly: 1 }, setting: 'read_only' },
  { change: { innodbReadOnly: 1 }, setting: 'innodb_read_only' },
  { change: { timeZone: 'SYSTEM' }, setting: 'time_zone' },
  { change: { autocommit: 0 }, setting: 'autocommit' },
  { change: { largestPacket: 4 * 1024 * 1024 }, setting: 'max_allowed_packet' },
])('names $setting for $change', ({ change, setting }) => {
  const check = () => requireMysqlServer({ ...good, ...change }, 'mysql db/leads');
  expect(check).toThrow(expect.objectContaining({ code: 'STORE_MISCONFIGURED', details: { setting } }));
  expect(check).toThrow(setting);
});
