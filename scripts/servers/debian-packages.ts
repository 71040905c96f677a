import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { runToEnd } from './processes.ts';
import type { ServerCommand } from './server-process.ts';

/** Debian's names for a machine: the folder of its libraries, under `usr/lib` and `lib`, and the loader that starts a program. */
export interface DebianMachine {
  readonly libraries: string;
  readonly loader: string;
}

const MACHINES: Readonly<Record<string, DebianMachine>> = {
  x64: { libraries: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { libraries: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

/** @throws Error where Debian has no packages for this machine, naming the variable that takes another server's address */
export function debianMachine(server: { readonly name: string; readonly variable: string }): DebianMachine {
  const machine = process.platform === 'linux' ? MACHINES[process.arch] : undefined;
  if (machine !== undefined) return machine;
  throw new Error(`no ${server.name} is known for this machine; set ${server.variable} (see compose.yaml)`);
}

/** The command that runs a program of an unpacked root with the libraries it came with. */
export function commandInRoot(
  root: string,
  { libraries, loader }: DebianMachine,
  program: string,
  args: readonly string[],
): ServerCommand {
  // Older suites keep the C library apart from the others.
  const folders = ['usr/lib', 'lib'].map((folder) => join(root, folder, libraries));
  const loaders = folders.map((folder) => join(folder, loader));
  const paths = folders.flatMap((folder) => [folder, join(folder, 'private')]);
  return {
    program: loaders.find((file) => existsSync(file)) ?? loader,
    args: ['--library-path', paths.join(':'), join(root, program), ...args],
  };
}

/**
 * Downloads a package of a Debian suite with all it depends on and unpacks them into `folder/root`. Nothing on the machine
 * changes: apt works on lists and an archive of its own in `folder`, which are removed.
 */
export async function unpackDebianPackage(
  folder: string,
  { suite, name }: { readonly suite: string; readonly name: string },
): Promise<void> {
  const apt = join(folder, 'apt');
  const root = join(folder, 'root');
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'archives', 'partial'), { recursive: true });
  await mkdir(root);
  await writeFile(
    join(apt, 'sources.list'),
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${await debianSite()} ${suite} main\n`,
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
  await runToEnd('apt-get', ['install', '-qq', '-y', '--download-only', name, ...settings]);
  const packages = (await readdir(join(apt, 'archives'))).filter((file) => file.endsWith('.deb'));
  for (const file of packages) await runToEnd('dpkg-deb', ['-x', join(apt, 'archives', file), root]);
  await rm(apt, { recursive: true });
}

/** The Debian mirror this machine is set up with. */
async function debianSite(): Promise<string> {
  const sites = await runToEnd('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages']);
  const site = sites.split('\n').find((line) => /\/debian\/?$/.test(line));
  if (site === undefined)
    throw new Error('apt knows no Debian mirror here; set MYSQL_URL, MARIADB_URL and REDIS_URL (see compose.yaml)');
  return site;
}
