import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of notifications. */
export const brokenNotifications: Readonly<Record<string, Breakage>> = {
  'notifications/once': breaking('notifications', (real) => ({
    // Says that it added what was there.
    async insert(unit, notifications) {
      await real.insert(unit, notifications);
      return new Set(notifications.map(({ id }) => id));
    },
  })),
  'notifications/one-try': breaking('notifications', (real) => ({
    // Writes whatever was written meanwhile.
    async save(unit, notification) {
      const stored = await real.get(unit, notification.id);
      return real.save(unit, { ...notification, version: (stored ?? notification).version + 1 });
    },
  })),
  'notifications/list': breaking('notifications', (real) => ({
    list: ({ after, ...query }) =>
      real.list({ ...query, ...(after === undefined ? {} : { after: { ...after, id: '' } }) }),
  })),
  'notifications/untouched': breaking('notifications', (real) => ({
    // Looks at when they were made alone.
    untouched: async (before, limit) =>
      (await real.list({ limit: 200 }))
        .filter(({ madeAt, status }) => madeAt < before && (status === 'waiting' || status === 'sending'))
        .slice(0, limit)
        .map(({ id }) => id),
  })),
  'notifications/counts': breaking('notifications', (real) => ({
    // Takes those that are held for some that nobody sends.
    counts: async (moments) => {
      const counted = await real.counts(moments);
      return { ...counted, held: 0 };
    },
  })),
  'notifications/trim': breaking('notifications', (real) => ({
    trim: (before, limit) => real.trim(before, limit + 1),
  })),
  'notifications/books': breaking('notifications', (real) => ({
    async insertBook(unit, book) {
      await real.insertBook(unit, book);
      return true;
    },
  })),
};
