import type { StoredTimer } from '../../src/foundation/jobs/timers/timer-store.js';
import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of timers. */
export const brokenTimers: Readonly<Record<string, Breakage>> = {
  'timers/fire-once': breaking('timers', (real) => ({
    // Tells more than it removes.
    async takeDue(unit, now, limit) {
      const seen = await real.list({ limit });
      await real.takeDue(unit, now, 1);
      return seen.filter(({ fireAt }) => fireAt <= now);
    },
  })),
  'timers/order': breaking('timers', (real) => ({
    takeDue: async (unit, now, limit) => [...(await real.takeDue(unit, now, limit))].reverse(),
  })),
  'timers/with-the-unit': breaking('timers', (real) => {
    // Removes them from its own memory, whatever becomes of the unit.
    const gone = new Set<string>();
    return {
      async takeDue(unit, now, limit) {
        const taken = (await real.takeDue(unit, now, limit)).filter(({ id }) => !gone.has(id));
        for (const { id } of taken) gone.add(id);
        return taken;
      },
    };
  }),
  'timers/replace': breaking('timers', (real) => ({
    async take(unit, timers) {
      const taken: StoredTimer[] = [];
      for (const { key } of timers) {
        const timer = await real.get(unit, key);
        if (timer !== null && (await real.cancel(unit, [key])).has(key)) taken.push(timer);
      }
      return taken;
    },
  })),
  'timers/cancel-or-fire': breaking('timers', (real) => ({
    async cancel(unit, keys) {
      await real.cancel(unit, keys);
      return new Set(keys);
    },
  })),
  'timers/set-or-fire': breaking('timers', (real) => ({
    async set(unit, timers) {
      for (const timer of timers) if ((await real.get(unit, timer.key)) === null) await real.set(unit, [timer]);
    },
  })),
  'timers/cancel': breaking('timers', (real) => ({
    async cancel(unit, keys) {
      const waiting: string[] = [];
      for (const key of keys) if ((await real.get(unit, key))?.stuck === false) waiting.push(key);
      return real.cancel(unit, waiting);
    },
  })),
  'timers/move': breaking('timers', (real) => ({
    // Moves what was tried or set again meanwhile.
    async move(unit, moves) {
      let moved = 0;
      for (const each of moves) {
        const timer = await real.get(unit, each.key);
        const version = timer?.working?.version;
        if (timer === null || version === undefined) continue;
        const before = { version, attempts: timer.attempts };
        moved += await real.move(unit, [{ ...each, id: timer.id, before }]);
      }
      return moved;
    },
  })),
  'timers/next-calendar': breaking('timers', (real) => ({
    // Any version of the calendar, not the oldest.
    async nextCalendar(after) {
      const next = await real.nextCalendar(after);
      const timers = next && (await real.countedBefore(next.calendar, Number.MAX_SAFE_INTEGER, 500));
      const version = timers?.at(-1)?.working?.version;
      return next && { ...next, oldestVersion: version ?? next.oldestVersion };
    },
  })),
  'timers/count-before': breaking('timers', (real) => ({
    countBefore: async (calendar, version) =>
      (await real.countedBefore(calendar, version, 500)).filter(({ stuck }) => !stuck).length,
  })),
  'timers/set-aside': breaking('timers', (real) => ({
    reschedule: (unit, tries) =>
      real.reschedule(
        unit,
        tries.map((each) => ({ ...each, stuck: false })),
      ),
  })),
};
