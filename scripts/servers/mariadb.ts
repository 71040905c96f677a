import { mariadbInstallation } from './mariadb-binary.ts';
import { startMysqlServer } from './mysql.ts';
import type { StartedServer, TestServer } from './server-process.ts';

/** MariaDB 10.11, reached as root without a password on loopback. */
export const mariadb: TestServer = {
  name: 'MariaDB',
  variable: 'MARIADB_URL',
  async start(folder: string): Promise<StartedServer> {
    return startMysqlServer(await mariadbInstallation(), folder, [
      // Its root comes from any name of this machine, and the one named localhost has no password to give.
      '--skip-name-resolve',
      ...['--skip-log-bin', '--innodb-buffer-pool-size=256M'],
    ]);
  },
};
