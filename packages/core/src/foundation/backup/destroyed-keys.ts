import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Instant, LmsError } from '../kernel/index.js';
import { deriveKey, type MasterKeyHandle } from '../privacy/index.js';
import { NewFile } from '../tables/index.js';
import { invalidBackup } from './backup-header.js';
import { notWritten } from './backup-problems.js';
import { readAt } from './read-at.js';
import type { RowBatch, StoredCell, StoredRow, TableLayout } from './snapshot-store.js';

/** The data key of an aggregate that was erased. */
export interface DestroyedKey {
  readonly kind: string;
  readonly id: string;
  readonly destroyedAt: Instant;
}

/** The table of the data keys, as every store has it. */
const keyTable = 'data_keys';
const rowsOfBatch = 1000;
const listEnding = '.destroyed';
const signature = 'lms-destroyed-keys';
const longestList = 256 * 1024 * 1024;
/** Bytes at the beginning of a list that hold its first line. */
const mostOfHead = 4096;

interface ListHead {
  readonly list: typeof signature;
  readonly lineage: string;
  readonly writtenAt: Instant;
}

const headShape: z.ZodType<ListHead> = z.object({
  list: z.literal(signature),
  lineage: z.string(),
  writtenAt: z.iso.datetime(),
});
const endShape: z.ZodType<{ readonly count: number; readonly seal: string }> = z.object({
  count: z.int().min(0),
  seal: z.string(),
});
const keyShape: z.ZodType<readonly [string, string, string]> = z.tuple([z.string(), z.string(), z.string()]).readonly();

/** Where the list of a backup lies. */
export function listOf(backup: string): string {
  return `${backup}${listEnding}`;
}

/** Reads and changes rows of the data keys, whatever their columns' order. */
export class KeyRows {
  readonly #at: Readonly<Record<'kind' | 'id' | 'wrapped' | 'destroyed_at', number>>;
  readonly #columns: readonly string[];

  constructor(tables: readonly TableLayout[]) {
    const columns = tables.find(({ name }) => name === keyTable)?.columns ?? [];
    const at = (name: string): number => columns.indexOf(name);
    this.#columns = columns;
    this.#at = { kind: at('kind'), id: at('id'), wrapped: at('wrapped'), destroyed_at: at('destroyed_at') };
  }

  /** The keys of a batch that are destroyed. */
  destroyedIn({ table, rows }: RowBatch): readonly DestroyedKey[] {
    if (table !== keyTable) return [];
    return rows.flatMap((row) => {
      const destroyedAt = row[this.#at.destroyed_at];
      if (typeof destroyedAt !== 'string') return [];
      return [{ kind: String(row[this.#at.kind]), id: String(row[this.#at.id]), destroyedAt }];
    });
  }

  /** The batch with the keys on the list destroyed. */
  withDestroyed(batch: RowBatch, list: DestroyedKeys): { readonly batch: RowBatch; readonly destroyed: number } {
    if (batch.table !== keyTable || list.size === 0) return { batch, destroyed: 0 };
    let destroyed = 0;
    const rows = batch.rows.map((row): StoredRow => {
      const at = list.when(String(row[this.#at.kind]), String(row[this.#at.id]));
      if (at === null || row[this.#at.destroyed_at] !== null) return row;
      destroyed += 1;
      return this.#with(row, { wrapped: '', destroyed_at: at });
    });
    return { batch: { table: keyTable, rows }, destroyed };
  }

  /** Rows of keys on the list that the backup does not have: so the next list of the store that is filled has them too. */
  *unmet(list: DestroyedKeys, masterKeyId: string): Generator<RowBatch> {
    let rows: StoredRow[] = [];
    for (const { kind, id, destroyedAt } of list.unmet()) {
      const row = new Map<string, StoredCell>(
        Object.entries({ kind, id, wrapped: '', master_key_id: masterKeyId, destroyed_at: destroyedAt, format: 1 }),
      );
      rows.push(this.#columns.map((column) => row.get(column) ?? null));
      if (rows.length < rowsOfBatch) continue;
      yield { table: keyTable, rows };
      rows = [];
    }
    if (rows.length > 0) yield { table: keyTable, rows };
  }

  #with(row: StoredRow, change: Readonly<Record<'wrapped' | 'destroyed_at', StoredCell>>): StoredRow {
    return row.with(this.#at.wrapped, change.wrapped).with(this.#at.destroyed_at, change.destroyed_at);
  }
}

/** What was erased, from any number of lists. */
export class DestroyedKeys {
  readonly #keys = new Map<string, Instant>();
  readonly #met = new Set<string>();

  get size(): number {
    return this.#keys.size;
  }

  add({ kind, id, destroyedAt }: DestroyedKey): void {
    const name = `${kind}\0${id}`;
    const known = this.#keys.get(name);
    if (known === undefined || destroyedAt < known) this.#keys.set(name, destroyedAt);
  }

  /** When a key of the backup was destroyed; null where it was not. */
  when(kind: string, id: string): Instant | null {
    const name = `${kind}\0${id}`;
    const at = this.#keys.get(name) ?? null;
    if (at !== null) this.#met.add(name);
    return at;
  }

  /** Those that nobody has asked about. */
  *unmet(): Generator<DestroyedKey> {
    for (const [name, destroyedAt] of this.#keys) {
      if (this.#met.has(name)) continue;
      const [kind = '', id = ''] = name.split('\0');
      yield { kind, id, destroyedAt };
    }
  }
}

/** A list being written: a line a key, and a seal under the master key, so that nobody else can add or take away one. */
export class DestroyedKeyList {
  readonly #file: NewFile;
  readonly #seal: ReturnType<typeof createHmac>;
  #count = 0;

  private constructor(file: NewFile, seal: ReturnType<typeof createHmac>) {
    this.#file = file;
    this.#seal = seal;
  }

  static async begin(
    file: string,
    about: {
      readonly name: string;
      readonly lineage: string;
      readonly writtenAt: Instant;
      readonly masterKey: MasterKeyHandle;
    },
  ): Promise<DestroyedKeyList> {
    const made = await NewFile.create({ file, name: about.name, failure: (cause) => notWritten(file, cause) });
    const list = new DestroyedKeyList(made, createHmac('sha256', sealKey(about.masterKey, about.lineage)));
    const head: ListHead = { list: signature, lineage: about.lineage, writtenAt: about.writtenAt };
    await list.#line(JSON.stringify(head));
    return list;
  }

  async add(keys: readonly DestroyedKey[]): Promise<void> {
    this.#count += keys.length;
    for (const { kind, id, destroyedAt } of keys) await this.#line(JSON.stringify([kind, id, destroyedAt]));
  }

  /** Ends the list, which is on the disk then, without its name. */
  async close(): Promise<void> {
    const end = { count: this.#count, seal: this.#seal.digest('base64url') };
    await this.#file.write(Buffer.from(`${JSON.stringify(end)}\n`, 'utf8'));
    await this.#file.close();
  }

  /** Gives the list its name, in the place of an earlier one. */
  async publish(): Promise<void> {
    await this.#file.publish({ replace: true });
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }

  async #line(text: string): Promise<void> {
    const bytes = Buffer.from(`${text}\n`, 'utf8');
    this.#seal.update(bytes);
    await this.#file.write(bytes);
  }
}

export interface ReadList {
  readonly lineage: string;
  readonly writtenAt: Instant;
}

/** Lists in the folder of a backup, of whichever store. */
export async function listsBeside(backup: string): Promise<readonly string[]> {
  const folder = dirname(backup);
  const names = await readdir(folder).catch(() => []);
  const own = basename(listOf(backup));
  return names
    .filter((name) => name.endsWith(listEnding) && !name.startsWith('.'))
    .sort((a, b) => Number(b === own) - Number(a === own))
    .map((name) => join(folder, name));
}

/** Whose list a file is, and of when; null for a file of another kind. */
export async function headOfList(file: string): Promise<ReadList | null> {
  const [first = ''] = (await readList(file, mostOfHead)).split('\n', 1);
  const head = headOf(first);
  return head === null ? null : { lineage: head.lineage, writtenAt: head.writtenAt };
}

/**
 * Reads a list of this store.
 * @throws LmsError `BACKUP_INVALID` when one byte differs, or it is another store's
 */
export async function readDestroyedKeys(
  file: string,
  into: DestroyedKeys,
  { lineage, masterKey }: { readonly lineage: string; readonly masterKey: MasterKeyHandle },
): Promise<ReadList> {
  const lines = (await readList(file)).split('\n');
  const head = headOf(lines[0] ?? '');
  if (head === null) throw invalidBackup(file, 'it is no list of destroyed keys');
  if (head.lineage !== lineage) throw invalidBackup(file, 'it is the list of another store');
  const end = endShape.safeParse(parsed(lines.at(-2) ?? ''));
  const keys = lines.slice(1, -2);
  const seal = createHmac('sha256', sealKey(masterKey, lineage));
  for (const line of lines.slice(0, -2)) seal.update(`${line}\n`, 'utf8');
  if (lines.at(-1) !== '' || !end.success || end.data.count !== keys.length || !isEqual(seal.digest(), end.data.seal)) {
    throw invalidBackup(file, 'the list of destroyed keys is damaged, or not sealed under this master key');
  }
  for (const line of keys) {
    const key = keyShape.safeParse(parsed(line));
    if (!key.success) throw invalidBackup(file, 'the list of destroyed keys is damaged');
    const [kind, id, destroyedAt] = key.data;
    into.add({ kind, id, destroyedAt });
  }
  return { lineage, writtenAt: head.writtenAt };
}

function headOf(line: string): ListHead | null {
  const read = headShape.safeParse(parsed(line));
  return read.success ? read.data : null;
}

async function readList(file: string, most: number = longestList): Promise<string> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new LmsError('BACKUP_INVALID', { message: `${file} cannot be read`, path: file, cause });
  });
  try {
    const { size } = await handle.stat();
    if (size > longestList) throw invalidBackup(file, 'it is too long for a list of destroyed keys');
    return (await readAt(handle, 0, Math.min(size, most))).toString('utf8');
  } finally {
    await handle.close();
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function sealKey(masterKey: MasterKeyHandle, lineage: string): KeyObject {
  return deriveKey(masterKey, 'lms destroyed keys', Buffer.from(lineage, 'utf8'));
}

function isEqual(digest: Buffer, text: string): boolean {
  const given = Buffer.from(text, 'base64url');
  return given.length === digest.length && timingSafeEqual(given, digest);
}
