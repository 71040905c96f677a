import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Unit } from '../../../foundation/persistence/index.js';
import { sqlite } from '../../sqlite.js';
import type { Storage } from '../../storage.js';
import { Collision, DuplicateKey } from '../sql-connection.js';

let folder: string;
let storage: Storage;
let other: Storage;
let series = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-writer-'));
  storage = sqlite({ file: join(folder, 'lms.db') });
  other = sqlite({ file: join(folder, 'lms.db') });
  await Promise.all([storage.open(), other.open()]);
});
afterAll(async () => {
  await Promise.all([storage.close(), other.close()]);
  await rm(folder, { recursive: true, force: true });
});

function newSeries(): string {
  series += 1;
  return `series-${series}`;
}

function claimKey(unit: Unit, hash: string, holderId: string): Promise<unknown> {
  return storage.uniqueKeys.claim(unit, [{ scope: '*', rule: 'test', hash, holderId }]);
}

async function keysOf(holderId: string): Promise<readonly string[]> {
  return (await other.uniqueKeys.heldBy(null, holderId)).map((key) => key.hash);
}

class Refusal extends Error {}

describe('units that are committed together', () => {
  it('keep exactly what the units that succeed wrote, whichever of them throw, and give each its own answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 90 }), async (succeeds) => {
        const holder = newSeries();
        const answers = await Promise.allSettled(
          succeeds.map((ends, index) =>
            storage.unitOfWork.run('documents', async (unit) => {
              await claimKey(unit, `${holder}-${index}`, holder);
              await Promise.resolve();
              if (!ends) throw new Refusal(String(index));
              return index;
            }),
          ),
        );
        answers.forEach((answer, index) => {
          if (answer.status === 'fulfilled') expect(answer.value).toBe(index);
          else expect(answer.reason).toEqual(new Refusal(String(index)));
          expect(answer.status === 'fulfilled').toBe(succeeds[index]);
        });
        const expected = succeeds.flatMap((ends, index) => (ends ? [`${holder}-${index}`] : [])).sort();
        expect([...(await keysOf(holder))].sort()).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('run one after the other even when their work awaits other things', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 6 }, () =>
        storage.unitOfWork.run('ledger', async () => {
          inside += 1;
          most = Math.max(most, inside);
          await sleep(1);
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  it('are invisible to readers until the commit, and durable for another handle after it', async () => {
    const holder = newSeries();
    await storage.unitOfWork.run('documents', async (unit) => {
      await claimKey(unit, holder, holder);
      expect(await storage.uniqueKeys.heldBy(unit, holder)).toHaveLength(1);
      expect(await storage.uniqueKeys.heldBy(null, holder)).toEqual([]);
    });
    expect(await keysOf(holder)).toEqual([holder]);
  });
});

describe('a unit', () => {
  it('is refused once it has ended, so that a forgotten await cannot write into another unit', async () => {
    const holder = newSeries();
    let leaked: Unit | undefined;
    await storage.unitOfWork.run('documents', async (unit) => {
      leaked = unit;
    });
    if (!leaked) throw new Error('the unit did not run');
    await expect(claimKey(leaked, holder, holder)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await keysOf(holder)).toEqual([]);
  });

  it('runs again after a collision, without what the first try wrote', async () => {
    const holder = newSeries();
    let tries = 0;
    await storage.unitOfWork.run('documents', async (unit) => {
      tries += 1;
      await claimKey(unit, `${holder}-${tries}`, holder);
      if (tries === 1) throw new Collision('somebody was in the way');
    });
    expect(tries).toBe(2);
    expect(await keysOf(holder)).toEqual([`${holder}-2`]);
  });

  it('is given up with STORE_CONFLICT when it keeps colliding, a taken key included', async () => {
    for (const error of [new Collision('in the way'), new DuplicateKey('taken')]) {
      let tries = 0;
      const kept = storage.unitOfWork.run('ledger', async () => {
        tries += 1;
        throw error;
      });
      await expect(kept).rejects.toMatchObject({ code: 'STORE_CONFLICT', retryable: true });
      expect(tries).toBeGreaterThan(2);
    }
  });

  it('is not begun when its signal is aborted while it waits, and does not hold up the others', async () => {
    const stop = new AbortController();
    let begun = false;
    const first = storage.unitOfWork.run('ledger', () => sleep(30));
    const stopped = storage.unitOfWork.run(
      'ledger',
      async () => {
        begun = true;
      },
      { signal: stop.signal },
    );
    const outcome = expect(stopped).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
    stop.abort();
    await Promise.all([first, outcome]);
    expect(begun).toBe(false);
    await expect(
      storage.unitOfWork.run('ledger', async () => 1, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'COMMAND_ABORTED' });
  });

  it('lets the event loop turn while it writes much', async () => {
    const holder = newSeries();
    let turns = 0;
    let running = true;
    const turn = (): void => {
      turns += 1;
      if (running) setImmediate(turn);
    };
    await storage.unitOfWork.run('documents', async (unit) => {
      setImmediate(turn);
      for (let index = 0; index < 20_000; index += 1) await claimKey(unit, `${holder}-${index}`, holder);
      running = false;
    });
    expect(turns).toBeGreaterThan(2);
  });
});
