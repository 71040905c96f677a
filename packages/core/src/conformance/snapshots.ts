import { deepStrictEqual, equal } from 'node:assert/strict';
import type { StoreSnapshot } from '../foundation/backup/snapshot-store.js';
import { LmsError } from '../foundation/kernel/index.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { sampleUser } from './samples.js';
import { inUnit } from './together.js';

/** A unique value of the documents and a user of the ledger. */
interface Mark {
  readonly hash: string;
  readonly user: string;
}

async function leaveMark(context: ConformanceContext): Promise<Mark> {
  const mark = { hash: context.word('hash'), user: context.word('user') };
  const { storage } = context;
  await inUnit(storage, 'documents', (unit) =>
    storage.uniqueKeys.claim(unit, [{ scope: '*', rule: 'snapshot', hash: mark.hash, holderId: context.ids.next() }]),
  );
  await inUnit(storage, 'ledger', (unit) => storage.users.insert(unit, sampleUser(context, { id: mark.user })));
  return mark;
}

/** How often each mark is in the rows of a snapshot. */
async function marksIn(
  { storage }: ConformanceContext,
  snapshot: StoreSnapshot,
  marks: readonly Mark[],
): Promise<readonly (readonly [number, number])[]> {
  const hashes = new Map<unknown, number>();
  const users = new Map<unknown, number>();
  const widths = new Map(storage.snapshots.tables.map(({ name, columns }) => [name, columns]));
  for await (const { table, rows } of snapshot.batches()) {
    const columns = widths.get(table) ?? [];
    const counted = table === 'unique_keys' ? hashes : table === 'users' ? users : null;
    const at = columns.indexOf(table === 'unique_keys' ? 'hash' : 'id');
    for (const row of rows) {
      equal(row.length, columns.length, `cells of a row of ${table}`);
      if (counted !== null) counted.set(row[at], (counted.get(row[at]) ?? 0) + 1);
    }
  }
  return marks.map(({ hash, user }) => [hashes.get(hash) ?? 0, users.get(user) ?? 0] as const);
}

export const snapshotCases: readonly ConformanceCase[] = [
  {
    id: 'snapshots/one-moment',
    level: 'MUST',
    title: 'a snapshot holds each row once that was committed before it, and none that came while it was read',
    async run(context) {
      const before = await leaveMark(context);
      const snapshot = await context.other.snapshots.snapshot();
      try {
        const after = await leaveMark(context);
        deepStrictEqual(await marksIn(context, snapshot, [before, after]), [
          [1, 1],
          [0, 0],
        ]);
      } finally {
        await snapshot.close();
      }
    },
  },
  {
    id: 'snapshots/empty-only',
    level: 'MUST',
    title: 'a store that holds anything is not filled, and goes on as it was',
    async run(context) {
      const mark = await leaveMark(context);
      const refused = await context.storage.snapshots.load().then(
        async (loading) => {
          await loading.close();
          return 'it was taken to be filled';
        },
        (error: unknown) => (LmsError.isInstance(error) ? error.code : String(error)),
      );
      equal(refused, 'STORE_NOT_EMPTY');
      equal((await context.other.users.get(null, mark.user))?.id, mark.user);
      await leaveMark(context);
    },
  },
];
