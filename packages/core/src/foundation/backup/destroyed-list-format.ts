import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../kernel/index.js';
import { deriveKey, type MasterKeyHandle } from '../privacy/index.js';
import type { DestroyedKey } from './destroyed-keys.js';

/**
 * A list of destroyed keys: a line that says whose it is, a line a key, and a last one with their number and a seal under the master
 * key, so that nobody else can add or take away one. It has every key that is destroyed, so that a later list has what an earlier has.
 */
export interface ListHead {
  /** The store's; that of every store that was restored from its backups too. */
  readonly lineage: string;
  readonly writtenAt: Instant;
}

const signature = 'lms-destroyed-keys';

const headShape: z.ZodType<ListHead & { readonly list: typeof signature }> = z.object({
  list: z.literal(signature),
  lineage: z.string(),
  writtenAt: z.iso.datetime(),
});
const endShape: z.ZodType<{ readonly count: number; readonly seal: string }> = z.object({
  count: z.int().min(0),
  seal: z.string(),
});
const keyShape: z.ZodType<readonly [string, string, string]> = z.tuple([z.string(), z.string(), z.string()]).readonly();

export const listEnding = '.destroyed';

/** Where the list of a backup lies. */
export function listOf(backup: string): string {
  return `${backup}${listEnding}`;
}

export function sealOf(masterKey: MasterKeyHandle, lineage: string): Hmac {
  return createHmac('sha256', deriveKey(masterKey, 'lms destroyed keys', Buffer.from(lineage, 'utf8')));
}

export function headLine({ lineage, writtenAt }: ListHead): string {
  return JSON.stringify({ list: signature, lineage, writtenAt });
}

/** null for the first line of another kind of file. */
export function headOf(line: string): ListHead | null {
  const read = headShape.safeParse(parsed(line));
  return read.success ? { lineage: read.data.lineage, writtenAt: read.data.writtenAt } : null;
}

export function keyLine({ kind, id, destroyedAt }: DestroyedKey): string {
  return JSON.stringify([kind, id, destroyedAt]);
}

export function keyOf(line: string): DestroyedKey | null {
  const read = keyShape.safeParse(parsed(line));
  if (!read.success) return null;
  const [kind, id, destroyedAt] = read.data;
  return { kind, id, destroyedAt };
}

export function endLine(count: number, seal: Hmac): string {
  return JSON.stringify({ count, seal: seal.digest('base64url') });
}

/** Whether a list ends with this line that has so many keys and this seal. */
export function isEnd(line: string, count: number, seal: Hmac): boolean {
  const read = endShape.safeParse(parsed(line));
  return read.success && read.data.count === count && isEqual(seal.digest(), read.data.seal);
}

function isEqual(digest: Buffer, text: string): boolean {
  const given = Buffer.from(text, 'base64url');
  return given.length === digest.length && timingSafeEqual(given, digest);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
