import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of events and their consumers. */
export const brokenEvents: Readonly<Record<string, Breakage>> = {
  'event-feed/window': breaking('eventFeed', (real) => ({
    events: async (window) => [...(await real.events(window))].sort((one, other) => (one.id < other.id ? -1 : 1)),
  })),
  'event-feed/filters': breaking('eventFeed', (real) => ({
    // Takes a noun for the beginning of a name.
    events: ({ types, ...window }) =>
      real.events({
        ...window,
        types: types && { ...types, prefixes: types.prefixes.map((prefix) => prefix.slice(0, -1)) },
      }),
  })),
};
