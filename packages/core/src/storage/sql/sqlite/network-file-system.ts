import { readFile, statfs } from 'node:fs/promises';

/** `f_type` of statfs(2) on Linux (linux/magic.h and the file systems' own sources). */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB 2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x73757245, 'Coda'],
  [0x0bd00bd0, 'Lustre'],
  [0x19830326, 'BeeGFS'],
  [0x47504653, 'GPFS'],
  [0x20030528, 'OrangeFS'],
  [0x786f4256, 'VirtualBox shared folder'],
]);
const fuseType = 0x65735546;
const networkFuse =
  /^fuse\.(sshfs|s3fs|s3ql|mountpoint-s3|goofys|rclone|gcsfuse|blobfuse2?|glusterfs|davfs2?|cephfs|ceph-fuse|ceph|juicefs|seaweedfs|mfs|curlftpfs|smbnetfs)$/;

/**
 * The name of the network file system that holds a folder, or null. SQLite's write-ahead log needs memory shared between
 * processes, which such file systems do not give (sqlite.org/wal.html), and their locks cannot be trusted. Those that do not say what they
 * are pass: 9p and virtiofs, by which virtual machines share folders of their host, and FUSE types that are not known here. On Linux alone.
 */
export async function networkFileSystemOf(folder: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const { type } = await statfs(folder);
  if (type >>> 0 !== fuseType) return networkTypeOf(type);
  return networkMountOf(folder, await readFile('/proc/self/mounts', 'utf8').catch(() => ''));
}

/** @param type `f_type` as statfs(2) gives it, which may be negative on some machines */
export function networkTypeOf(type: number): string | null {
  return networkTypes.get(type >>> 0) ?? null;
}

/**
 * What user-space file system a folder is on, if it is one over a network.
 * @param mounts the text of `/proc/self/mounts`
 */
export function networkMountOf(folder: string, mounts: string): string | null {
  let deepest = { path: '', type: '' };
  for (const line of mounts.split('\n')) {
    const [, escaped = '', type = ''] = line.split(' ');
    const path = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const holds = path === '/' || folder === path || folder.startsWith(`${path}/`);
    if (holds && path.length >= deepest.path.length) deepest = { path, type };
  }
  return networkFuse.test(deepest.type) ? deepest.type : null;
}
