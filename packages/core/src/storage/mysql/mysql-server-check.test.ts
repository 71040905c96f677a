import { expect, it } from 'vitest';
import { type MysqlServerFacts, requireMysqlServer } from './mysql-server-check.js';
import { sessionMode } from './mysql-session.js';

const good: MysqlServerFacts = {
  version: '9.4.0',
  isolation: 'READ-COMMITTED',
  mode: sessionMode,
  clientCharacters: 'utf8mb4',
  connectionCharacters: 'utf8mb4',
  readOnly: 0,
  flushAtCommit: 1,
  innodb: 1,
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
])('names $setting for $change', ({ change, setting }) => {
  const check = () => requireMysqlServer({ ...good, ...change }, 'mysql db/leads');
  expect(check).toThrow(expect.objectContaining({ code: 'STORE_MISCONFIGURED', details: { setting } }));
  expect(check).toThrow(setting);
});
