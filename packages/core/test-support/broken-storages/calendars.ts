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
  // As a unit that reads what was there when it began.
  'calendars/after-losing': breaking('calendars', (real) => {
    const lost = new WeakSet<object>();
    return {
      async insert(unit, calendar) {
        const isInserted = await real.insert(unit, calendar);
        if (!isInserted) lost.add(unit);
        return isInserted;
      },
      newest: (unit, slug) => (unit !== null && lost.has(unit) ? real.get(unit, slug, 1) : real.newest(unit, slug)),
    };
  }),
  'calendars/newest-of-each': breaking('calendars', (real) => ({
    async list(query) {
      const first = (await real.list(query)).map(({ slug }) => real.get(null, slug, 1));
      return (await Promise.all(first)).filter((calendar) => calendar !== null);
    },
  })),
  'calendars/list': breaking('calendars', (real) => ({
    list: async (query) => [...(await real.list(query))].reverse(),
  })),
  'calendars/versions': breaking('calendars', (real) => ({
    versions: async (slug, query) => [...(await real.versions(slug, query))].reverse(),
  })),
};
