import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MasterKeyHandle, MasterKeys } from '../privacy/index.js';
import type { BackupHeader } from './backup-header.js';
import { BackupReader } from './backup-reader.js';
import { BackupWriter } from './backup-writer.js';
import type { RowBatch } from './snapshot-store.js';
import { verifyBackup } from './verify-backup.js';

const masterKey: MasterKeyHandle = { id: '0123456789abcdef', handle: createSecretKey(Buffer.alloc(32, 5)) };
const masterKeys = new MasterKeys([masterKey]);
const header: BackupHeader = {
  id: '019bbfea-e140-781f-a000-000000000001',
  createdAt: '2026-01-15T04:30:00.000Z',
  shape: 'sqlite',
  lineage: 'of-these-tests',
  schemaVersion: 1,
  tables: [{ name: 'leads', columns: ['id', 'document'] }],
  keyId: masterKey.id,
  salt: randomBytes(32).toString('base64'),
};
/** Seven batches of some 600 KB that do not compress: two make a chunk. */
const batches: readonly RowBatch[] = Array.from({ length: 7 }, (_, at) => ({
  table: 'leads',
  rows: [[`lead-${at}`, randomBytes(300_000).toString('hex')]],
}));

let folder: string;
let whole: Buffer;
/** Where each chunk begins and ends, the last one too. */
let chunks: readonly { readonly from: number; readonly to: number }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-backup-file-'));
  const pieces: Uint8Array[] = [];
  const writer = await BackupWriter.begin({ write: async (bytes) => void pieces.push(bytes) }, header, masterKey);
  for (const batch of batches) await writer.add(batch);
  await writer.finish();
  whole = Buffer.concat(pieces);
  chunks = chunksOf(whole);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function chunksOf(bytes: Buffer): { from: number; to: number }[] {
  const found = [];
  let from = 14 + bytes.readUInt32BE(10);
  while (from < bytes.length - 32) {
    const to = from + 4 + (bytes.readUInt32BE(from) & 0x7fff_ffff);
    found.push({ from, to });
    from = to;
  }
  return found;
}

/** The file with these chunks, in this order, and a checksum that is right: what somebody without the key can make. */
function rebuilt(order: readonly number[], change?: (bytes: Buffer) => void): Buffer {
  const beginning = whole.subarray(0, chunks[0]?.from);
  const parts = order.map((at) => whole.subarray(chunks[at]?.from, chunks[at]?.to));
  const body = Buffer.concat([beginning, ...parts]);
  change?.(body);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

async function written(bytes: Buffer): Promise<string> {
  const file = join(folder, `${randomBytes(6).toString('hex')}.lmsbackup`);
  await writeFile(file, bytes);
  return file;
}

describe('a backup of several chunks', () => {
  test('gives back the batches as they were', async () => {
    expect(chunks).toHaveLength(5);
    const reader = await BackupReader.open(await written(whole));
    const read: RowBatch[] = [];
    for await (const batch of reader.batches(masterKey)) read.push(batch);
    await reader.close();
    expect(read).toEqual(batches);
    expect(rebuilt([0, 1, 2, 3, 4]).equals(whole)).toBe(true);
  });

  test.each([
    { what: 'two are swapped', order: [0, 2, 1, 3, 4], chunk: 2 },
    { what: 'one is left out', order: [0, 2, 3, 4], chunk: 2 },
    { what: 'one comes twice', order: [0, 1, 1, 2, 3, 4], chunk: 3 },
    { what: 'the last is missing', order: [0, 1, 2, 3], chunk: 5 },
    { what: 'the last comes early', order: [0, 1, 4], chunk: 3 },
  ])('is refused when $what, though its checksum is right', async ({ order, chunk }) => {
    await expect(verifyBackup(await written(rebuilt(order)), masterKeys)).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      details: { chunk },
    });
  });

  test('is refused when another chunk is marked as the last', async () => {
    const bytes = rebuilt([0, 1], (body) => {
      const at = chunks[1]?.from ?? 0;
      body[at] = (body[at] ?? 0) | 0x80;
    });
    await expect(verifyBackup(await written(bytes), masterKeys)).rejects.toMatchObject({ details: { chunk: 2 } });
  });

  test('names the chunk in which a byte was changed', async () => {
    const bytes = Buffer.from(whole);
    const at = (chunks[2]?.from ?? 0) + 1000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await expect(verifyBackup(await written(bytes), masterKeys)).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining('chunk 3 was changed'),
      details: { chunk: 3 },
    });
  });

  test('does not show its rows to another key of the same name', async () => {
    const other = { id: masterKey.id, handle: createSecretKey(Buffer.alloc(32, 6)) };
    await expect(verifyBackup(await written(whole), new MasterKeys([other]))).rejects.toMatchObject({
      details: { chunk: 1 },
    });
  });
});
