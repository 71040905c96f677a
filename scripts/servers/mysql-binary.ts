import { userInfo } from 'node:os';
import { join } from 'node:path';
import { prepareOnce } from '../prepare-once.ts';
import { serverCacheFolder } from '../workspace.ts';
import { commandInRoot, debianMachine, unpackDebianPackage } from './debian-packages.ts';
import { runToEnd } from './processes.ts';
import type { ServerCommand } from './server-process.ts';

export interface MysqlInstallation {
  /** The command that runs the server with these arguments. */
  command(args: readonly string[]): ServerCommand;
  /** A data folder as the server initialises it, to be copied. */
  readonly emptyData: string;
}

/**
 * MySQL 9 from Debian's unstable packages, with the libraries it needs, unpacked into the cache: nothing on the machine
 * changes. The first call downloads about 80 MB.
 */
export async function mysqlInstallation(): Promise<MysqlInstallation> {
  const machine = debianMachine({ name: 'MySQL', variable: 'MYSQL_URL' });
  const home = join(serverCacheFolder(), 'mysql-9');
  const installation = (folder: string): MysqlInstallation => {
    const root = join(folder, 'root');
    const settings = [
      ...['--no-defaults', `--basedir=${join(root, 'usr')}`, `--lc-messages-dir=${join(root, 'usr/share/mysql')}`],
      ...[`--user=${userInfo().username}`, '--secure-file-priv='],
    ];
    return {
      command: (args) => commandInRoot(root, machine, 'usr/sbin/mysqld', [...settings, ...args]),
      emptyData: join(folder, 'empty-data'),
    };
  };
  await prepareOnce(home, async (folder) => {
    await unpackDebianPackage(folder, { suite: 'sid', name: 'mysql-server-core' });
    const { command, emptyData } = installation(folder);
    const { program, args } = command(['--initialize-insecure', `--datadir=${emptyData}`]);
    await runToEnd(program, args);
  });
  return installation(home);
}
