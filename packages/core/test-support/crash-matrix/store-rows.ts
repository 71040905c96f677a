import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/foundation/kernel/index.js';
import type { StoreAddress } from '../store-address.js';
import type { Row } from './raw-rows.js';
import { withTables } from './raw-tables.js';

/** What a table or collection holds. */
export interface TableRows {
  readonly name: string;
  readonly rows: number;
  /** Equal for the same rows, in whatever order they lie. */
  readonly digest: string;
}

/** What a store says of itself, and what is made anew of its rows: totals, and the seal of the trail. */
const ownTables = /^(ledger|documents) (store_schema|store_identity|lms_meta|lead_total.*|audit_heads)$/;

/**
 * What a store holds, table by table, without what the trail says of the store itself (its backups and restores) and commands whose keys
 * are no longer kept. Empty where there is no store.
 */
export function readStoreRows(address: StoreAddress): Promise<readonly TableRows[]> {
  const now = new Date().toISOString();
  return withTables(address, (tables) =>
    Promise.all(
      [...tables]
        .filter(([name]) => !ownTables.test(name))
        .map(async ([name, read]) => {
          const rows = (await read()).filter((row) => !isOfStore(row) && !isOver(row, now)).map(unsealed);
          return { name, rows: rows.length, digest: digestOf(rows) };
        }),
    ),
  );
}

/**
 * What a store lacks, or has too much of, beside the one that its rows came from.
 * @param exactly whether every row must be the same; else the shape of rows may have changed, and events that waited may have left more
 */
export function rowDifferences(
  source: readonly TableRows[],
  found: readonly TableRows[],
  exactly: boolean,
): readonly string[] {
  const byName = new Map(found.map((table) => [table.name, table]));
  return source.flatMap(({ name, rows, digest }) => {
    const table = byName.get(name);
    const count = table?.rows ?? 0;
    if (name.endsWith(' outbox')) return [];
    if (exactly ? count !== rows : count < rows) return [`${name} has ${count} rows, not ${rows}`];
    return exactly && rows > 0 && table?.digest !== digest ? [`${name} has other rows`] : [];
  });
}

function isOfStore({ eventType }: Row): boolean {
  return typeof eventType === 'string' && eventType.startsWith('store.');
}

/** A row of the trail without its place in the chain, which a restored store gives anew. */
function unsealed(row: Row): Row {
  const { position: _position, prevHash: _prevHash, chainHash: _chainHash, ...rest } = row;
  return rest;
}

function isOver({ expiresAt }: Row, now: string): boolean {
  return typeof expiresAt === 'string' && expiresAt < now;
}

function digestOf(rows: readonly Row[]): string {
  const digest = createHash('sha256');
  for (const text of rows.map((row) => canonicalJson(JSON.parse(JSON.stringify(row)))).toSorted())
    digest.update(text).update('\n');
  return digest.digest('base64url');
}
