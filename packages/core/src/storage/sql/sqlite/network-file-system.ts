import { readFile, statfs } from 'node:fs/promises';

/** `f_type` of statfs(2) on Linux (linux/magic.h and the file systems' own sources). */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB 2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);
const fuseType = 0x65735546;
const networkFuse = /^fuse\.(sshfs|s3fs|rclone|gcsfuse|glusterfs|davfs)$/;

/**
 * The name of the network file system that holds a folder, or null. SQLite's write-ahead log needs memory shared between
 * processes, which such file systems do not give (sqlite.org/wal.html), and their locks cannot be trusted.
 */
export async function networkFileSystemOf(folder: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const { type } = await statfs(folder);
  const known = networkTypes.get(type >>> 0);
  if (known !== undefined) return known;
  return type >>> 0 === fuseType ? networkMountOf(folder) : null;
}

async function networkMountOf(folder: string): Promise<string | null> {
  const mounts = await readFile('/proc/self/mounts', 'utf8').catch(() => '');
  let deepest = { path: '', type: '' };
  for (const line of mounts.split('\n')) {
    const [, escaped = '', type = ''] = line.split(' ');
    const path = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const holds = path === '/' || folder === path || folder.startsWith(`${path}/`);
    if (holds && path.length >= deepest.path.length) deepest = { path, type };
  }
  return networkFuse.test(deepest.type) ? deepest.type : null;
}
