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
  'event-consumers/claim-once': breaking('eventConsumers', (real) => ({
    async save(unit, consumer, fence) {
      await real.save(unit, { ...consumer, fence: Math.min(consumer.fence, 3) }, fence);
      return true;
    },
  })),
  // Trusts whoever writes.
  'event-consumers/fenced': breaking('eventConsumers', (real) => ({
    async save(unit, consumer) {
      const found = await real.get(unit, consumer.name);
      return found !== null && real.save(unit, consumer, found.fence);
    },
  })),
  'event-consumers/kept': breaking('eventConsumers', (real) => ({
    async insert(unit, consumer) {
      const found = await real.get(unit, consumer.name);
      if (found === null) await real.insert(unit, consumer);
      else await real.save(unit, consumer, found.fence);
    },
  })),
};
