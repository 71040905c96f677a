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
    const pruned = backupsToPrune(all, { daily: 2, weekly: 2, monthly: 3 }, time).map(({ file }) => file);
    expect(pruned).toEqual([
      '2026-03-10T04:00:00.000Z',
      '2026-03-09T04:00:00.000Z',
      '2026-03-02T04:00:00.000Z',
      '2026-02-01T04:00:00.000Z',
    ]);
  });

  test('none without a number', () => {
    expect(backupsToPrune([backup('2026-03-10T20:00:00.000Z')], {}, time)).toEqual([]);
  });

  test('never the newest, never more than are there, and a second time none', () => {
    const counts = record({
      daily: integer({ min: 0, max: 4 }),
      weekly: integer({ min: 0, max: 4 }),
      monthly: integer({ min: 0, max: 4 }),
    });
    const instants = uniqueArray(integer({ min: Date.parse('2024-01-01'), max: Date.parse('2027-01-01') }), {
      maxLength: 40,
    });
    assert(
      property(instants, counts, constantFrom('Asia/Kolkata', 'America/New_York'), (all, keep, zone) => {
        const backups = all.map((createdAt) => ({ file: String(createdAt), createdAt }));
        const pruned = new Set(backupsToPrune(backups, keep, businessTime(zone)));
        const kept = backups.filter((each) => !pruned.has(each));
        const newest = backups.reduce<DatedBackup | null>(
          (a, b) => (a === null || b.createdAt > a.createdAt ? b : a),
          null,
        );
        if (newest !== null) expect(kept).toContain(newest);
        expect(kept.length).toBeLessThanOrEqual(Math.max(1, keep.daily + keep.weekly + keep.monthly));
        expect(backupsToPrune(kept, keep, businessTime(zone))).toEqual([]);
      }),
    );
  });
});
