import { mkdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { prepareOnce } from '../prepare-once.ts';
import { serverCacheFolder } from '../workspace.ts';
import { commandInRoot, debianMachine, unpackDebianPackage } from './debian-packages.ts';
import type { MysqlInstallation } from './mysql-binary.ts';
import { runToEnd } from './processes.ts';

/** What `mariadb-install-db` feeds a server that has no tables yet; that script is a shell's and wants more of a machine. */
const SYSTEM_TABLES = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'];

/**
 * MariaDB 10.11 from the packages of Debian 12, with the libraries it needs, unpacked into the cache: nothing on the machine
 * changes. The first call downloads about 20 MB.
 */
export async function mariadbInstallation(): Promise<MysqlInstallation> {
  const machine = debianMachine({ name: 'MariaDB', variable: 'MARIADB_URL' });
  const home = join(serverCacheFolder(), 'mariadb-10.11');
  const installation = (folder: string): MysqlInstallation => {
    const root = join(folder, 'root');
    const settings = [
      ...['--no-defaults', `--basedir=${join(root, 'usr')}`, `--lc-messages-dir=${join(root, 'usr/share/mysql')}`],
      ...[`--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`, `--user=${userInfo().username}`, '--secure-file-priv='],
    ];
    return {
      command: (args) => commandInRoot(root, machine, 'usr/sbin/mariadbd', [...settings, ...args]),
      emptyData: join(folder, 'empty-data'),
    };
  };
  await prepareOnce(home, async (folder) => {
    await unpackDebianPackage(folder, { suite: 'bookworm', name: 'mariadb-server-core' });
    const { command, emptyData } = installation(folder);
    await mkdir(emptyData);
    const { program, args } = command(['--bootstrap', `--datadir=${emptyData}`, '--skip-networking']);
    await runToEnd(program, args, await systemTables(join(folder, 'root/usr/share/mysql')));
  });
  return installation(home);
}

async function systemTables(folder: string): Promise<string> {
  const texts = await Promise.all(SYSTEM_TABLES.map((name) => readFile(join(folder, name), 'utf8')));
  return ['CREATE DATABASE mysql;', 'USE mysql;', 'SET @auth_root_socket = NULL;', ...texts].join('\n');
}
