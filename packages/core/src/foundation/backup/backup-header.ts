import { z } from 'zod';
import { type Instant, LmsError } from '../kernel/index.js';
import type { TableLayout } from './snapshot-store.js';

/** What stands in the clear at the beginning of a backup: nothing of a person, no key. */
export interface BackupHeader {
  readonly id: string;
  readonly createdAt: Instant;
  /** The shape of the store that it was made of; it can be restored into any. */
  readonly shape: string;
  /** The same for a store and every store that was restored from it. */
  readonly lineage: string;
  /** The layout of its rows. */
  readonly schemaVersion: number;
  readonly tables: readonly TableLayout[];
  /** Names the master key that it was made under. */
  readonly keyId: string;
  /** 32 bytes in base64, which together with the master key give the key of this file. */
  readonly salt: string;
}

/** `LMSBAK` and two bytes that programs which translate line ends would change. */
const signature = Buffer.from('LMSBAK\r\n', 'latin1');
/** A reader knows its own format and refuses newer ones. */
const backupFormat = 1;
/** Signature, format (2 bytes), length of the header (4 bytes). */
export const prefixLength: number = signature.length + 6;
const longestHeader = 64 * 1024;

const text = z.string().max(200);
const headerShape: z.ZodType<BackupHeader> = z.object({
  id: text,
  createdAt: z.iso.datetime(),
  shape: text,
  lineage: text,
  schemaVersion: z.int().min(1),
  tables: z.array(z.object({ name: text, columns: z.array(text) })),
  keyId: text,
  salt: z.base64().length(44),
});

export function headerBytes(header: BackupHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const prefix = Buffer.alloc(prefixLength);
  signature.copy(prefix);
  prefix.writeUInt16BE(backupFormat, signature.length);
  prefix.writeUInt32BE(json.length, signature.length + 2);
  return Buffer.concat([prefix, json]);
}

/**
 * How long the header is that follows these first bytes of a file.
 * @throws LmsError `BACKUP_INVALID` for another kind of file, `BACKUP_TOO_NEW`
 */
export function headerLength(prefix: Uint8Array, file: string): number {
  const bytes = Buffer.from(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (bytes.length < prefixLength || !bytes.subarray(0, signature.length).equals(signature)) {
    throw invalidBackup(file, 'it is no backup of LMS, or its beginning is damaged');
  }
  const format = bytes.readUInt16BE(signature.length);
  if (format > backupFormat) {
    throw new LmsError('BACKUP_TOO_NEW', {
      message: `${file} was made by a newer release (format ${format}; this one knows ${backupFormat}); upgrade LMS`,
      path: file,
      details: { found: format, known: backupFormat },
    });
  }
  const length = bytes.readUInt32BE(signature.length + 2);
  if (format === 0 || length > longestHeader) throw invalidBackup(file, 'its beginning is damaged');
  return length;
}

/** @throws LmsError `BACKUP_INVALID` */
export function readHeader(json: Uint8Array, file: string): BackupHeader {
  const read = headerShape.safeParse(parsed(json));
  if (!read.success) throw invalidBackup(file, 'its header is damaged');
  return read.data;
}

function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(json).toString('utf8'));
  } catch {
    return null;
  }
}

/** @param chunk of the file, from 1, where it is known */
export function invalidBackup(file: string, reason: string, chunk?: number): LmsError {
  return new LmsError('BACKUP_INVALID', {
    message: `${file} cannot be used: ${reason}`,
    path: file,
    ...(chunk === undefined ? {} : { details: { chunk } }),
  });
}
