import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePlace, type StoreAddress, type StorePlace } from '../shapes.js';
import type { Answering } from './child-program.js';
import type { PrepareAnswer, PrepareQuestion } from './messages.js';
import type { CrashOperation, Subject } from './operation.js';

export type Preparer = Answering<PrepareQuestion, PrepareAnswer>;

/** A store in which one point can be watched, and what it works on there. */
export interface PointStore {
  readonly address: StoreAddress;
  readonly subject: Subject;
}

/** Where the points of operations take place. */
export interface PointStores {
  /** Makes a store ready for one more point of an operation. */
  next(operation: CrashOperation): Promise<PointStore>;
  /** What a process has left behind, exactly; null where it cannot be told from what others left. */
  traceOf(store: PointStore): Promise<string | null>;
  /** Lets go of a store that nobody need look at. */
  discard(store: PointStore): Promise<void>;
  remove(): Promise<void>;
}

/** Each point has a copy of the file that was prepared once for its operation. */
export async function embeddedStores(preparer: Preparer): Promise<PointStores> {
  const folder = await mkdtemp(join(tmpdir(), 'lms-crash-'));
  const furnished = { shape: 'sqlite', file: join(folder, 'furnished.db') } as const;
  await done(preparer, { ask: 'store', address: furnished });
  await done(preparer, { ask: 'close', address: furnished });
  const templates = new Map<string, Promise<PointStore & { readonly file: string }>>();
  let points = 0;

  async function template(operation: CrashOperation): Promise<PointStore & { readonly file: string }> {
    const serial = templates.size + 1;
    const file = join(folder, `template-${serial}.db`);
    await copyFile(furnished.file, file);
    const address: StoreAddress = { shape: 'sqlite', file };
    const subject = await prepared(preparer, { address, operation, serial, folder });
    await done(preparer, { ask: 'close', address });
    return { file, address, subject };
  }

  return {
    async next(operation) {
      const making = templates.get(operation.name) ?? template(operation);
      templates.set(operation.name, making);
      const { file: from, subject } = await making;
      points += 1;
      const file = join(folder, `point-${points}.db`);
      await copyFile(from, file);
      return { address: { shape: 'sqlite', file }, subject };
    },
    async traceOf({ address }) {
      if (address.shape !== 'sqlite') return null;
      const digest = createHash('sha256').update(await readFile(address.file));
      // Where the log is empty, or gone, all is in the file.
      return digest.update(await readFile(`${address.file}-wal`).catch(() => '')).digest('hex');
    },
    async discard({ address }) {
      if (address.shape !== 'sqlite') return;
      await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${address.file}${end}`, { force: true })));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The points share a store on the servers, each with leads of its own. */
export async function serverStores(shape: 'mysql' | 'hybrid', preparer: Preparer): Promise<PointStores> {
  const folder = await mkdtemp(join(tmpdir(), 'lms-crash-'));
  const place: StorePlace = await makePlace(shape);
  const { address } = place;
  await done(preparer, { ask: 'store', address });
  let points = 0;
  return {
    async next(operation) {
      points += 1;
      return { address, subject: await prepared(preparer, { address, operation, serial: points, folder }) };
    },
    traceOf: async () => null,
    discard: async () => undefined,
    async remove() {
      await done(preparer, { ask: 'close', address });
      await place.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function prepared(
  preparer: Preparer,
  point: {
    readonly address: StoreAddress;
    readonly operation: CrashOperation;
    readonly serial: number;
    readonly folder: string;
  },
): Promise<Subject> {
  const { address, operation, serial, folder } = point;
  const subject = { tag: `point-${serial}`, serial, folder };
  const answer = await preparer.ask({ ask: 'subject', address, operation: operation.name, subject });
  if ('subject' in answer) return answer.subject;
  throw new Error(`${operation.name} could not be prepared: ${'error' in answer ? answer.error : ''}`);
}

async function done(preparer: Preparer, question: PrepareQuestion): Promise<void> {
  const answer = await preparer.ask(question);
  if ('error' in answer) throw new Error(answer.error);
}
