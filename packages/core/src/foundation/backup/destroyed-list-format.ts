import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../kernel/index.js';
import { deriveKey, type MasterKeyHandle } from '../privacy/index.js';
import type { DestroyedKey } from './destroyed-keys.js';

/**
 * A list of destroyed keys: a line that says whose it is, a line a key, and a last one with their number, a checksum that shows damage
 * to anybody, and a seal under the master key, so that nobody else can add or take away one. It has every key that is destroyed, so that a
 * later list has what an earlier has.
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

/** What the last line of a list says of the lines before it. */
interface ListEnd {
  readonly count: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  readonly seal: string;
}

const endShape: z.ZodType<ListEnd> = z.object({ count: z.int().min(0), sha256: z.string(), seal: z.string() });
const keyShape: z.ZodType<readonly [string, string, string]> = z.tuple([z.string(), z.string(), z.string()]).readonly();

export const listEnding = '.destroyed';

/** Where the list of a backup lies. */
export function listOf(backup: string): string {
  return `${backup}${listEnding}`;
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

/** Whether a line could be one of a list, first, last or between. */
export function isLineOfList(line: string): boolean {
  return headOf(line) !== null || keyOf(line) !== null || endShape.safeParse(parsed(line)).success;
}

/** What a list ends with, as its lines are gone through. */
export class ListSums {
  readonly #checksum: Hash = createHash('sha256');
  readonly #seal: Hmac;
  #lines = 0;

  constructor(masterKey: MasterKeyHandle, lineage: string) {
    this.#seal = createHmac('sha256', deriveKey(masterKey, 'lms destroyed keys', Buffer.from(lineage, 'utf8')));
  }

  /** @param bytes of a line, with its end */
  add(bytes: Buffer): void {
    this.#checksum.update(bytes);
    this.#seal.update(bytes);
    this.#lines += 1;
  }

  /** The last line, behind those that were added. */
  endLine(): string {
    const end: ListEnd = {
      count: this.#lines - 1,
      sha256: this.#checksum.digest('hex'),
      seal: this.#seal.digest('base64url'),
    };
    return JSON.stringify(end);
  }

  /** Whether a list may end so: `damaged` where a byte differs, `sealed-otherwise` where another key or store sealed what is whole. */
  matches(line: string): 'whole' | 'damaged' | 'sealed-otherwise' {
    const end = endShape.safeParse(parsed(line));
    if (!end.success || end.data.count !== this.#lines - 1) return 'damaged';
    if (end.data.sha256 !== this.#checksum.digest('hex')) return 'damaged';
    return isEqual(this.#seal.digest(), end.data.seal) ? 'whole' : 'sealed-otherwise';
  }
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
