import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { prepareOnce } from '../prepare-once.ts';
import { serverCacheFolder } from '../workspace.ts';
import { runToEnd } from './processes.ts';
import type { ServerCommand } from './server-process.ts';

/** Debian's names for a machine: the folder of its libraries and the loader that starts a program with them. */
const MACHINES: Readonly<Record<string, { readonly libraries: string; readonly loader: string }>> = {
  x64: { libraries: 'usr/lib/x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { libraries: 'usr/lib/aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

export interface MysqlInstallation {
  /** The command that runs mysqld with these arguments. */
  command(args: readonly string[]): ServerCommand;
  /** A data folder as MySQL initialises it, to be copied. */
  readonly emptyData: string;
}

/**
 * MySQL 9 from Debian's unstable packages, with the libraries it needs, unpacked into the cache: nothing on the machine
 * changes. The first call downloads about 80 MB.
 */
export async function mysqlInstallation(): Promise<MysqlInstallation> {
  const machine = process.platform === 'linux' ? MACHINES[process.arch] : undefined;
  if (machine === undefined) throw new Error('no MySQL is known for this machine; set MYSQL_URL (see compose.yaml)');
  const home = join(serverCacheFolder(), 'mysql-9');
  const installation = (folder: string): MysqlInstallation => ({
    command: (args) => mysqldCommand(join(folder, 'root'), machine, args),
    emptyData: join(folder, 'empty-data'),
  });
  await prepareOnce(home, async (folder) => {
    await unpackPackages(folder);
    const { program, args } = installation(folder).command([
      '--initialize-insecure',
      `--datadir=${join(folder, 'empty-data')}`,
    ]);
    await runToEnd(program, args);
  });
  return installation(home);
}

function mysqldCommand(
  root: string,
  machine: { readonly libraries: string; readonly loader: string },
  args: readonly string[],
): ServerCommand {
  const libraries = join(root, machine.libraries);
  return {
    program: join(libraries, machine.loader),
    args: [
      ...[
        '--library-path',
        `${libraries}:${join(libraries, 'private')}`,
        join(root, 'usr/sbin/mysqld'),
        '--no-defaults',
      ],
      ...[`--basedir=${join(root, 'usr')}`, `--lc-messages-dir=${join(root, 'usr/share/mysql')}`],
      ...[`--user=${userInfo().username}`, '--secure-file-priv=', ...args],
    ],
  };
}

async function unpackPackages(folder: string): Promise<void> {
  const apt = join(folder, 'apt');
  const root = join(folder, 'root');
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'archives', 'partial'), { recursive: true });
  await mkdir(root);
  await writeFile(
    join(apt, 'sources.list'),
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${await debianSite()} sid main\n`,
  );
  await writeFile(join(apt, 'status'), '');
  const settings = [
    `Dir::Etc::SourceList=${join(apt, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(apt, 'lists')}`,
    `Dir::State::status=${join(apt, 'status')}`,
    `Dir::Cache::archives=${join(apt, 'archives')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'APT::Install-Recommends=false',
    'APT::Sandbox::User=root',
    'Debug::NoLocking=1',
  ].flatMap((setting) => ['-o', setting]);
  await runToEnd('apt-get', ['update', '-qq', ...settings]);
  await runToEnd('apt-get', ['install', '-qq', '-y', '--download-only', 'mysql-server-core', ...settings]);
  const packages = (await readdir(join(apt, 'archives'))).filter((name) => name.endsWith('.deb'));
  for (const name of packages) await runToEnd('dpkg-deb', ['-x', join(apt, 'archives', name), root]);
  await rm(apt, { recursive: true });
}

/** The Debian mirror this machine is set up with. */
async function debianSite(): Promise<string> {
  const sites = await runToEnd('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages']);
  const site = sites.split('\n').find((line) => /\/debian\/?$/.test(line));
  if (site === undefined) throw new Error('apt knows no Debian mirror here; set MYSQL_URL (see compose.yaml)');
  return site;
}
