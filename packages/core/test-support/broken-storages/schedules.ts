import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of schedules. */
export const brokenSchedules: Readonly<Record<string, Breakage>> = {
  'schedules/once': breaking('schedules', (real) => ({
    async save(unit, schedule, expected) {
      await real.save(unit, schedule, expected);
      return true;
    },
  })),
  'schedules/with-the-unit': breaking('schedules', (real) => {
    // Keeps what was written, whatever becomes of the unit.
    const written = new Map<string, Parameters<typeof real.save>[1]>();
    return {
      async save(unit, schedule, expected) {
        written.set(schedule.name, schedule);
        return real.save(unit, schedule, expected);
      },
      find: async (names) => (await real.find(names)).map((schedule) => written.get(schedule.name) ?? schedule),
    };
  }),
  'schedules/list': breaking('schedules', (real) => ({
    find: async (names) => (await real.list({ limit: 500 })).filter(({ name }) => name >= (names[0] ?? '')),
  })),
  'schedules/trim': breaking('schedules', (real) => ({ trim: (before) => real.trim(before, 1_000) })),
};
