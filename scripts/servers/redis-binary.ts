import { join } from 'node:path';
import { prepareOnce } from '../prepare-once.ts';
import { serverCacheFolder } from '../workspace.ts';
import { commandInRoot, debianMachine, unpackDebianPackage } from './debian-packages.ts';
import type { ServerCommand } from './server-process.ts';

/** The server's program in its unpacked packages, once they are there. */
export type RedisInstallation = (args: readonly string[]) => ServerCommand;

/**
 * Redis 7.0 from the packages of Debian 12, with the libraries it needs, unpacked into the cache: nothing on the machine changes. The
 * first call downloads about 10 MB.
 */
export async function redisInstallation(): Promise<RedisInstallation> {
  const machine = debianMachine({ name: 'Redis', variable: 'REDIS_URL' });
  const home = join(serverCacheFolder(), 'redis-7.0');
  await prepareOnce(home, (folder) => unpackDebianPackage(folder, { suite: 'bookworm', name: 'redis-server' }));
  return (args) => commandInRoot(join(home, 'root'), machine, 'usr/bin/redis-server', args);
}

/**
 * Redis that has written whatever it says it has: every change is in its file, and that on the disk, before the answer.
 * @param folder where its files are
 */
export function durableRedis(folder: string, port: number): readonly string[] {
  return [
    // Its title would hide the folder, by which a run knows its own servers.
    ...['--set-proc-title', 'no'],
    ...['--dir', folder, '--port', String(port), '--bind', '127.0.0.1', '--daemonize', 'no'],
    ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'],
  ];
}
