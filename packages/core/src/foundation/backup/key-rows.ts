import type { DestroyedKey, DestroyedKeys } from './destroyed-keys.js';
import type { RowBatch, StoredCell, StoredRow, TableLayout } from './snapshot-store.js';

/** The table of the data keys, as every store has it. */
const keyTable = 'data_keys';
const rowsOfBatch = 1000;

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
  withDestroyed(
    batch: RowBatch,
    list: DestroyedKeys,
  ): { readonly batch: RowBatch; readonly destroyed: readonly DestroyedKey[] } {
    if (batch.table !== keyTable || list.size === 0) return { batch, destroyed: [] };
    const destroyed: DestroyedKey[] = [];
    const rows = batch.rows.map((row): StoredRow => {
      const kind = String(row[this.#at.kind]);
      const id = String(row[this.#at.id]);
      const at = list.when(kind, id);
      if (at === null || row[this.#at.destroyed_at] !== null) return row;
      destroyed.push({ kind, id, destroyedAt: at });
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
