import { assert, constantFrom, integer, property, record, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessTime } from '../kernel/index.js';
import { backupsToPrune, type DatedBackup } from './retention.js';

const time = businessTime('Asia/Kolkata');

function backup(at: string): DatedBackup {
  return { file: at, createdAt: Date.parse(at) };
}

describe('which backups go', () => {
  test('keeps the newest of each day, week and month that has one', () => {
    const all = [
      '2026-03-10T20:00:00.000Z', // 11 March in India
      '2026-03-10T10:00:00.000Z',
      '2026-03-10T04:00:00.000Z',
      '2026-03-09T04:00:00.000Z',
      '2026-03-08T04:00:00.000Z',
      '2026-03-02T04:00:00.000Z',
      '2026-02-28T04:00:00.000Z',
      '2026-02-01T04:00:00.000Z',
      '2025-12-01T04:00:00.000Z',
    ].map(backup);
    const [made, ...others] = all as [DatedBackup, ...DatedBackup[]];
    const pruned = backupsToPrune({ made, others }, { daily: 2, weekly: 2, monthly: 3 }, time).map(({ file }) => file);
    expect(pruned).toEqual([
      '2026-03-10T04:00:00.000Z',
      '2026-03-09T04:00:00.000Z',
      '2026-03-02T04:00:00.000Z',
      '2026-02-01T04:00:00.000Z',
    ]);
  });

  test('none without a number', () => {
    const others = [backup('2026-03-10T20:00:00.000Z')];
    expect(backupsToPrune({ made: backup('2026-03-10T21:00:00.000Z'), others }, {}, time)).toEqual([]);
  });

  test('the one just made stays, and one that a clock dated ahead neither goes nor stands for a day', () => {
    const ahead = backup('2027-01-01T04:00:00.000Z');
    const yesterday = backup('2026-03-09T04:00:00.000Z');
    const made = backup('2026-03-10T04:00:00.000Z');
    expect(backupsToPrune({ made, others: [ahead, yesterday] }, { daily: 1 }, time)).toEqual([yesterday]);
    expect(backupsToPrune({ made, others: [ahead, yesterday] }, { daily: 2 }, time)).toEqual([]);
  });

  test('never the one just made, never one dated later, never more than are there, and a second time none', () => {
    const counts = record({
      daily: integer({ min: 0, max: 4 }),
      weekly: integer({ min: 0, max: 4 }),
      monthly: integer({ min: 0, max: 4 }),
    });
    const instants = uniqueArray(integer({ min: Date.parse('2024-01-01'), max: Date.parse('2027-01-01') }), {
      minLength: 1,
      maxLength: 40,
    });
    assert(
      property(instants, counts, constantFrom('Asia/Kolkata', 'America/New_York'), (all, keep, zone) => {
        const [made, ...others] = all.map((createdAt) => ({ file: String(createdAt), createdAt })) as [
          DatedBackup,
          ...DatedBackup[],
        ];
        const pruned = new Set(backupsToPrune({ made, others }, keep, businessTime(zone)));
        expect(pruned).not.toContain(made);
        const kept = others.filter((each) => !pruned.has(each));
        const later = others.filter(({ createdAt }) => createdAt > made.createdAt);
        expect(kept).toEqual(expect.arrayContaining(later));
        const counted = 1 + kept.length - later.length;
        expect(counted).toBeLessThanOrEqual(Math.max(1, keep.daily + keep.weekly + keep.monthly));
        expect(backupsToPrune({ made, others: kept }, keep, businessTime(zone))).toEqual([]);
      }),
    );
  });
});
