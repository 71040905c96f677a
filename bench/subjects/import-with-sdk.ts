import { createLms, type ImportResult, type Storage } from '#core';
import { hybrid } from '#core/storage/hybrid';
import { sqlite } from '#core/storage/sqlite';
import { testKey } from '#core/testing';
import { adminWithLine, productLine } from '../data/personal-loan.ts';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { progressLine } from '../kit/progress.ts';
import { beSubject } from '../kit/subject.ts';
import { type RowsTiming, startClocks } from '../kit/timing.ts';

export type ImportStore =
  | { readonly kind: 'embedded'; readonly file: string }
  | { readonly kind: 'hybrid'; readonly servers: Servers };

export interface ImportSettings {
  readonly store: ImportStore;
  /** `fresh`: the store must not exist yet and is made; `again`: it has the rows of the file already. */
  readonly round: 'fresh' | 'again';
  readonly file: string;
  readonly rows: number;
}

export interface Imported extends RowsTiming {
  /** Leads a transaction, as the import made them. */
  readonly leadsPerBatch: number;
}

await beSubject<ImportSettings, Imported>(async ({ store, round, file, rows }) => {
  if (store.kind === 'hybrid' && round === 'fresh') await emptyDatabases(store.servers);
  await using lms = await createLms({
    storage: storageOf(store),
    ...(store.kind === 'hybrid' ? { key: testKey } : {}),
  });
  const admin = round === 'fresh' ? await adminWithLine(lms) : lms.as({ kind: 'user', id: 'root' });
  // What opening costs is no part of an import.
  await admin.imports.list();
  const tell = progressLine(`import ${round}`);
  const seen: number[] = [];
  const elapsed = startClocks();
  const result = await admin.imports.run(
    { file, productLine },
    {
      onProgress(progress) {
        seen.push(progress.rows);
        tell(progress.rows);
      },
    },
  );
  const { wallMillis, cpuMillis } = elapsed();
  requireWhole(result, rows, round);
  return { rows, wallMillis, cpuMillis, leadsPerBatch: seen[0] ?? rows };
});

function storageOf(store: ImportStore): Storage {
  if (store.kind === 'embedded') return sqlite({ file: store.file });
  return hybrid({ mongo: { url: store.servers.mongoUrl }, mysql: { url: store.servers.mysqlUrl } });
}

/** A fast import that loses rows, or makes them twice, counts for nothing. */
function requireWhole({ counts, status, reasons }: ImportResult, rows: number, round: ImportSettings['round']): void {
  const created = round === 'fresh' ? rows : 0;
  if (status === 'completed' && counts.rows === rows && counts.created === created) return;
  throw new Error(`the import did not take all rows: ${status} ${JSON.stringify(counts)} ${JSON.stringify(reasons)}`);
}
