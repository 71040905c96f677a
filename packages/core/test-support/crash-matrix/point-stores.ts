import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { makePlace, type StorePlace } from '../shapes.js';
import type { StoreAddress } from '../store-address.js';
import type { Answering } from './child-program.js';
import type { PrepareAnswer, PrepareQuestion } from './messages.js';
import type { CrashOperation, PreparedSubject, Subject } from './operation.js';
import { outputOf } from './store-files.js';
import { readStoreRows, type TableRows } from './store-rows.js';

export type Preparer = Answering<PrepareQuestion, PrepareAnswer>;

/** A store in which one point can be watched, and what it works on there. */
export interface PointStore {
  readonly address: StoreAddress;
  readonly subject: Subject;
  /** What its rows come from, where the operation says so. */
  readonly source: readonly TableRows[];
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

type ReadySubject = Omit<Subject, 'output'>;

/** Each point has a copy of the file that was prepared once for its operation. */
export async function embeddedStores(preparer: Preparer): Promise<PointStores> {
  const folder = await mkdtemp(join(tmpdir(), 'lms-crash-'));
  const furnished = { shape: 'sqlite', file: join(folder, 'furnished.db') } as const;
  await done(preparer, { ask: 'store', address: furnished });
  await done(preparer, { ask: 'close', address: furnished });
  const template = onceEach(async (operation, serial) => {
    const file = join(folder, `template-${serial}.db`);
    await copyFile(furnished.file, file);
    const address: StoreAddress = { shape: 'sqlite', file };
    const subject = await prepared(preparer, { address, operation, serial, folder });
    await done(preparer, { ask: 'close', address });
    return { file, subject, source: operation.rowsOf === 'prepared' ? await readStoreRows(address) : [] };
  });
  let points = 0;

  return {
    async next(operation) {
      const { file: from, subject, source } = await template(operation);
      points += 1;
      const address = { shape: 'sqlite', file: join(folder, `point-${points}.db`) } as const;
      if (operation.fill === undefined) await copyFile(from, address.file);
      else await operation.fill(address);
      const filled = operation.rowsOf === 'filled' ? await readStoreRows(address) : source;
      return { address, subject: { ...subject, output: outputOf(address.file) }, source: filled };
    },
    async traceOf({ address }) {
      if (address.shape !== 'sqlite') return null;
      const digest = createHash('sha256');
      // Where the log is empty, or gone, all is in the file; what the operation writes beside it counts as well.
      for (const file of [address.file, `${address.file}-wal`, ...(await outputsOf(address.file))]) {
        const content = await readFile(file).catch(() => null);
        digest.update(content === null || content.length === 0 ? 'nothing' : content).update(endOf(file, address.file));
      }
      return digest.digest('hex');
    },
    async discard({ address }) {
      if (address.shape !== 'sqlite') return;
      const stored = ['', '-wal', '-shm'].map((end) => `${address.file}${end}`);
      const gone = [...stored, ...(await outputsOf(address.file)), outputOf(address.file)];
      await Promise.all(gone.map((file) => rm(file, { recursive: true, force: true })));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Files that an operation wrote beside its store: its output, or what is in it, and others whose names begin, or are hidden, like it. */
async function outputsOf(store: string): Promise<readonly string[]> {
  const output = basename(outputOf(store));
  const beside = await readdir(dirname(store), { withFileTypes: true });
  const own = beside.filter(({ name }) => name.startsWith(output) || name.startsWith(`.${output}`));
  const files = own.map(async (entry) => {
    const path = join(dirname(store), entry.name);
    return entry.isDirectory() ? (await readdir(path)).map((name) => join(path, name)) : [path];
  });
  return (await Promise.all(files)).flat().toSorted();
}

/** Names differ from run to run where they are made of ids. */
function endOf(file: string, store: string): string {
  return file.startsWith(store) ? file.slice(store.length) : 'unfinished';
}

/** The points share a store on the servers, each with leads of its own; operations that make a store have one for each point. */
export async function serverStores(shape: 'mysql' | 'hybrid', preparer: Preparer): Promise<PointStores> {
  const folder = await mkdtemp(join(tmpdir(), 'lms-crash-'));
  const shared = await makePlace(shape);
  const { address } = shared;
  await done(preparer, { ask: 'store', address });
  const filled: StorePlace[] = [];
  const template = onceEach(async (operation) => {
    const subject = await subjectOf(operation);
    return { subject, source: operation.rowsOf === 'prepared' ? await readStoreRows(address) : [] };
  });
  let points = 0;

  function subjectOf(operation: CrashOperation): Promise<ReadySubject> {
    points += 1;
    return prepared(preparer, { address, operation, serial: points, folder });
  }

  async function filledPoint(operation: CrashOperation): Promise<PointStore> {
    const { subject, source } = await template(operation);
    const place = await makePlace(shape);
    filled.push(place);
    await operation.fill?.(place.address);
    return {
      address: place.address,
      subject: { ...subject, output: join(folder, `filled-${filled.length}-output`) },
      source: operation.rowsOf === 'filled' ? await readStoreRows(place.address) : source,
    };
  }

  return {
    async next(operation) {
      if (operation.fill !== undefined) return filledPoint(operation);
      const subject = await subjectOf(operation);
      return { address, subject: { ...subject, output: join(folder, `${subject.tag}-output`) }, source: [] };
    },
    traceOf: async () => null,
    discard: async () => undefined,
    async remove() {
      await done(preparer, { ask: 'close', address });
      for (const place of [shared, ...filled]) await place.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes something once for each operation. @param make is given how many there were before, from 1 */
function onceEach<Made>(
  make: (operation: CrashOperation, serial: number) => Promise<Made>,
): (operation: CrashOperation) => Promise<Made> {
  const made = new Map<string, Promise<Made>>();
  return (operation) => {
    const making = made.get(operation.name) ?? make(operation, made.size + 1);
    made.set(operation.name, making);
    return making;
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
): Promise<ReadySubject> {
  const { address, operation, serial, folder } = point;
  const subject: PreparedSubject = { tag: `point-${serial}`, serial, folder };
  const answer = await preparer.ask({ ask: 'subject', address, operation: operation.name, subject });
  if ('leads' in answer) return { ...subject, leads: answer.leads };
  throw new Error(`${operation.name} could not be prepared: ${'error' in answer ? answer.error : ''}`);
}

async function done(preparer: Preparer, question: PrepareQuestion): Promise<void> {
  const answer = await preparer.ask(question);
  if ('error' in answer) throw new Error(answer.error);
}
