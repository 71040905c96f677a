import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { networkFileSystemOf, networkMountOf, networkTypeOf } from './network-file-system.js';

it.each([
  { type: 0x6969, name: 'NFS' },
  { type: 0xff534d42, name: 'CIFS' },
  { type: 0xff534d42 | 0, name: 'CIFS' },
  { type: 0xfe534d42, name: 'SMB 2' },
  { type: 0x00c36400, name: 'Ceph' },
  { type: 0x0bd00bd0, name: 'Lustre' },
  { type: 0x786f4256, name: 'VirtualBox shared folder' },
  { type: 0xef53, name: null },
  { type: 0x01021994, name: null },
  { type: 0x794c7630, name: null },
])('the type $type of a file system is $name', ({ type, name }) => {
  expect(networkTypeOf(type)).toBe(name);
});

const mounts = `
/dev/sda1 / ext4 rw 0 0
bridge:/home /mnt/shared\\040files fuse.sshfs rw,nosuid 0 0
/dev/sda2 /mnt/shared\\040files/local ext4 rw 0 0
portal /run/user/1000/doc fuse.portal rw 0 0
bucket /mnt/bucket fuse.s3fs rw 0 0
mountpoint-s3 /mnt/objects fuse.mountpoint-s3 rw 0 0
host /mnt/host virtiofs rw 0 0
`;

it.each([
  { folder: '/mnt/shared files', name: 'fuse.sshfs' },
  { folder: '/mnt/shared files/leads/2026', name: 'fuse.sshfs' },
  { folder: '/mnt/shared files/local/leads', name: null },
  { folder: '/mnt/shared files beside', name: null },
  { folder: '/mnt/bucket', name: 'fuse.s3fs' },
  { folder: '/mnt/objects/2026', name: 'fuse.mountpoint-s3' },
  { folder: '/mnt/host', name: null },
  { folder: '/run/user/1000/doc', name: null },
  { folder: '/srv', name: null },
])('$folder is on $name', ({ folder, name }) => {
  expect(networkMountOf(folder, mounts)).toBe(name);
});

it('takes the folder of this machine for temporary files as local', async () => {
  expect(await networkFileSystemOf(tmpdir())).toBeNull();
});
