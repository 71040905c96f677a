import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of inboxes, and of what users prefer. */
export const brokenInboxes: Readonly<Record<string, Breakage>> = {
  'inbox/list': breaking('inbox', (real) => ({
    list: ({ after, ...query }) =>
      real.list({ ...query, ...(after === undefined ? {} : { after: { ...after, id: '' } }) }),
  })),
  'inbox/read-once': breaking('inbox', (real) => ({
    // Says of all of them that it marked them.
    async markRead(unit, read) {
      await real.markRead(unit, read);
      return read.ids.length;
    },
  })),
  'inbox/trim': breaking('inbox', (real) => ({
    trim: (before, limit) => real.trim(before, limit + 1),
  })),
  'notice-preferences/one-version': breaking('noticePreferences', (real) => ({
    // Writes over whatever is there.
    async save(unit, preferences) {
      const stored = await real.get(unit, preferences.userId);
      return real.save(unit, { ...preferences, version: (stored?.version ?? 0) + 1 });
    },
  })),
};
