// Holds one mysqld for one test (see hold-server.ts). Its first argument is the folder of its data, which is filled where it is empty;
// the others are mysqld's. Whoever is on this machine reaches it as root without a password.
import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { holdServer } from './hold-server.ts';
import { mysqlInstallation } from './mysql-binary.ts';

const [folder = '', ...given] = process.argv.slice(2);
const installation = await mysqlInstallation();
if (!existsSync(folder)) await cp(installation.emptyData, folder, { recursive: true });
const initialFile = `${folder}.sql`;
const user = "'root'@'127.0.0.1'";
await writeFile(initialFile, `CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY '';\nGRANT ALL ON *.* TO ${user};\n`);
const small = ['--mysqlx=OFF', '--disable-log-bin', '--innodb-buffer-pool-size=64M', '--performance-schema=OFF'];
await holdServer((port) =>
  installation.command([
    ...[`--datadir=${folder}`, `--port=${port}`, '--bind-address=127.0.0.1', '--socket=mysqld.sock'],
    ...[`--init-file=${initialFile}`, `--log-error=${folder}.log`, ...small, ...given],
  ]),
);
