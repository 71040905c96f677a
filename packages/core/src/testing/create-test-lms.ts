import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyLines, createLms, type KeySource, type Lms, masterKeyOf, type Storage } from '../index.js';
import { sqlite } from '../storage/sqlite.js';
import { type Faults, withFaults } from './faults.js';
import { seededRandom } from './seeded-random.js';
import { TestClock } from './test-clock.js';

export interface TestLmsOptions {
  /** Where the clock stands; 2026-01-15, ten in the morning in India, when absent. */
  readonly now?: string;
  /** Ids and keys depend on it alone. */
  readonly seed?: string;
  /** A store of your own; a fresh embedded one in a temporary folder when absent. */
  readonly storage?: Storage;
}

/** A store for tests: a clock that is moved by hand, ids that repeat, an admin `root` who may do everything. */
export interface TestLms<Lines extends object = AnyLines> extends AsyncDisposable {
  readonly lms: Lms<Lines>;
  readonly clock: TestClock;
  /** The services as the admin. */
  readonly admin: ReturnType<Lms<Lines>['as']>;
  /** Makes the store fail, or deliver twice, when a test wants it to. */
  readonly faults: Faults;
  /** Moves the clock on by `15m`, `36h`, `2d`, fires the timers that are due then, and settles. */
  advance(by: string): Promise<void>;
  /** Waits until everything that follows from the commands so far is written. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function createTestLms<Lines extends object = AnyLines>(
  options: TestLmsOptions = {},
): Promise<TestLms<Lines>> {
  const clock = new TestClock(options.now ?? '2026-01-15T04:30:00.000Z');
  const folder = options.storage === undefined ? await mkdtemp(join(tmpdir(), 'lms-test-')) : null;
  const { storage, faults } = withFaults(options.storage ?? sqlite({ file: join(folder ?? '', 'lms.db') }));
  const random = seededRandom(options.seed ?? 'lms');
  const lms = await createLms<Lines>({ storage, key: testKey, clock, random });
  await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  const close = async (): Promise<void> => {
    await lms.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  };
  const settle = async (): Promise<void> => {
    await lms.settle();
    await lms.tick();
  };
  return {
    lms,
    clock,
    faults,
    admin: lms.as({ kind: 'user', id: 'root' }),
    settle,
    advance: async (by) => {
      clock.advance(by);
      await settle();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Every test store has the same master key: never for real data. */
export const testKey: KeySource = {
  load: async () => masterKeyOf(new Uint8Array(32).fill(7), 'the test key'),
};
