import { cp, writeFile } from 'node:fs/promises';
import { createConnection } from 'mysql2/promise';
import { type MysqlInstallation, mysqlInstallation } from './mysql-binary.ts';
import { type StartedServer, startServerProcess, type TestServer } from './server-process.ts';

const INITIAL_STATEMENTS = [
  'CREATE DATABASE IF NOT EXISTS lms;',
  "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '';",
  "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
];

/** MySQL 9, reached as root without a password on loopback. */
export const mysql: TestServer = {
  name: 'MySQL',
  variable: 'MYSQL_URL',
  async start(folder: string): Promise<StartedServer> {
    return startMysqlServer(await mysqlInstallation(), folder, [
      ...['--mysqlx=OFF', '--disable-log-bin', '--innodb-buffer-pool-size=512M', '--performance-schema=OFF'],
    ]);
  },
};

/** Starts a server of the MySQL family on a copy of its empty data. */
export async function startMysqlServer(
  installation: MysqlInstallation,
  folder: string,
  settings: readonly string[],
): Promise<StartedServer> {
  await cp(installation.emptyData, folder, { recursive: true });
  const initialFile = `${folder}.sql`;
  await writeFile(initialFile, INITIAL_STATEMENTS.join('\n'));
  const command = (port: number) =>
    installation.command([
      ...[`--datadir=${folder}`, `--port=${port}`, '--bind-address=127.0.0.1', `--init-file=${initialFile}`],
      ...['--socket=mysqld.sock', '--max-connections=500', ...settings],
    ]);
  return startServerProcess({ folder, command, connect });
}

async function connect(port: number): Promise<string> {
  const url = `mysql://root@127.0.0.1:${port}/lms`;
  const connection = await createConnection(url);
  try {
    await connection.query('SELECT 1');
    return url;
  } finally {
    await connection.end();
  }
}
