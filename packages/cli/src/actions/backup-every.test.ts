import { businessTime, LmsError } from '@lms/core/kernel';
import { describe, expect, it } from 'vitest';
import { type BackupRounds, backUpEvery } from './backup-every.js';
import { nextBackupAt, pauseAfter } from './backup-times.js';

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string): number => Date.parse(`2026-11-${text}:00.000+05:30`);
const india = businessTime('Asia/Kolkata');

describe('the next backup', () => {
  it.each([
    { what: 'none was made', now: '22T20:00', lastAt: null, every: day, due: '22T20:00' },
    { what: 'it is overdue', now: '22T20:00', lastAt: '21T20:00', every: day, due: '22T20:00' },
    { what: 'the last is younger than the interval', now: '22T20:00', lastAt: '22T09:00', every: day, due: '23T00:00' },
    { what: 'an aligned time passed meanwhile', now: '22T09:00', lastAt: '21T13:00', every: day, due: '22T13:00' },
    { what: 'it was made at the aligned time', now: '22T00:00', lastAt: '22T00:00', every: day, due: '23T00:00' },
    { what: 'every 6 hours', now: '22T07:31', lastAt: '22T07:30', every: 6 * hour, due: '22T12:00' },
    { what: 'a clock that ran ahead made the last', now: '22T20:00', lastAt: '25T00:00', every: day, due: '23T00:00' },
  ])('is due at $due where $what', ({ now, lastAt, every, due }) => {
    const moment = { now: at(now), lastAt: lastAt === null ? null : at(lastAt) };
    expect(nextBackupAt(moment, { everyMillis: every, time: india })).toBe(at(due));
  });

  it('waits longer after each failure, an hour at most and never beyond the interval', () => {
    expect([1, 2, 3, 6, 7, 60].map((failures) => pauseAfter(failures, day) / 60_000)).toEqual([1, 2, 4, 32, 60, 60]);
    expect(pauseAfter(9, 10 * 60_000)).toBe(10 * 60_000);
  });
});

interface Run {
  readonly start: string;
  readonly lastAt?: string;
  readonly days?: number;
  /** What happens elsewhere while this process waits. */
  readonly meanwhile?: (world: World) => void;
  /** What becomes of the backup of a number, from 1. */
  readonly make?: (number: number, world: World) => void;
  readonly stopsAtFailure?: boolean;
}

/** A machine whose clock moves only when somebody waits on it. */
interface World {
  now: number;
  lastAt: number | null;
  readonly made: string[];
  readonly told: string[];
  readonly stop: AbortController;
}

const text = (moment: number): string => new Date(moment + 5.5 * hour).toISOString().slice(8, 16);

async function run({
  start,
  lastAt,
  days = 3,
  meanwhile,
  make = () => undefined,
  stopsAtFailure = false,
}: Run): Promise<World> {
  const stop = new AbortController();
  const last = lastAt === undefined ? null : at(lastAt);
  const world: World = { now: at(start), lastAt: last, made: [], told: [], stop };
  const end = world.now + days * day;
  let tries = 0;
  const rounds: BackupRounds = {
    everyMillis: day,
    time: india,
    signal: stop.signal,
    now: () => world.now,
    async wait(millis) {
      world.now += millis;
      meanwhile?.(world);
      if (world.now >= end) stop.abort();
    },
    lastAt: async () => world.lastAt,
    async make() {
      tries += 1;
      make(tries, world);
      world.made.push(text(world.now));
      world.lastAt = world.now;
      world.now += 90_000;
    },
    tellNext: (moment) => world.told.push(`next ${text(moment)}`),
    tellFailed(error, moment) {
      world.told.push(`${error.code}, again ${text(moment)}`);
      if (stopsAtFailure) stop.abort();
    },
  };
  await backUpEvery(rounds);
  return world;
}

function fail(): never {
  throw new LmsError('BACKUP_NOT_WRITTEN', { message: 'the disk is full' });
}

describe('backups that go on', () => {
  it('are made at once where none is, then each midnight, without drifting', async () => {
    const { made, told } = await run({ start: '22T20:00' });
    expect(made).toEqual(['22T20:00', '23T00:00', '24T00:00', '25T00:00']);
    expect(told.slice(0, 2)).toEqual(['next 23T00:00', 'next 24T00:00']);
  });

  it('wait first where the last is younger than the interval', async () => {
    expect((await run({ start: '22T20:00', lastAt: '22T18:00', days: 1 })).made).toEqual(['23T00:00']);
  });

  it('are told and tried again when they fail, later each time, and are back at their times afterwards', async () => {
    const { made, told } = await run({
      start: '22T20:00',
      lastAt: '22T18:00',
      make: (number) => (number < 4 ? fail() : undefined),
    });
    expect(made).toEqual(['23T00:07', '24T00:00', '25T00:00']);
    expect(told.slice(1, 4)).toEqual([
      'BACKUP_NOT_WRITTEN, again 23T00:01',
      'BACKUP_NOT_WRITTEN, again 23T00:03',
      'BACKUP_NOT_WRITTEN, again 23T00:07',
    ]);
  });

  it('leave out a time at which another process has made one while this one waited', async () => {
    const { made } = await run({
      start: '22T20:00',
      lastAt: '22T18:00',
      days: 2,
      meanwhile(world) {
        if (world.now === at('22T23:00')) world.lastAt = world.now;
      },
    });
    expect(made).toEqual(['23T23:00', '24T00:00']);
  });

  it('leave out a time at which another process made one after this one had failed', async () => {
    const { made } = await run({
      start: '22T20:00',
      lastAt: '22T18:00',
      days: 2,
      make(number, world) {
        if (number > 1) return;
        world.lastAt = world.now;
        fail();
      },
    });
    expect(made).toEqual(['24T00:00']);
  });

  it.each(['PERMISSION_DENIED', 'KEY_MISSING', 'STORE_OUTDATED', 'STORE_TOO_NEW'] as const)(
    'end where nobody can make one without correcting something: %s',
    async (code) => {
      const ended = run({
        start: '22T20:00',
        make() {
          throw new LmsError(code, { message: 'not so' });
        },
      });
      await expect(ended).rejects.toMatchObject({ code });
    },
  );

  it('end at once when they are stopped, also between a failure and the next try', async () => {
    const { made, told, now } = await run({ start: '22T20:00', make: fail, stopsAtFailure: true });
    expect({ made, told: told.length, now: text(now) }).toEqual({ made: [], told: 1, now: '22T20:00' });
  });
});
