import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of calendars. */
export const brokenCalendars: Readonly<Record<string, Breakage>> = {
  'calendars/once': breaking('calendars', (real) => ({
    async insert(unit, calendar) {
      await real.insert(unit, calendar);
      return true;
    },
  })),
  'calendars/with-the-unit': breaking('calendars', (real) => {
    // Keeps what was written, whatever becomes of the unit.
    const written = new Map<string, Parameters<typeof real.insert>[1]>();
    return {
      async insert(unit, calendar) {
        written.set(calendar.slug, calendar);
        return real.insert(unit, calendar);
      },
      newest: async (unit, slug) => written.get(slug) ?? (await real.newest(unit, slug)),
    };
  }),
  'calendars/list': breaking('calendars', (real) => ({
    versions: async (slug, query) => [...(await real.versions(slug, query))].reverse(),
  })),
};
