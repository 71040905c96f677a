import type { ConsumerState } from '../src/index.js';
import type { Storage } from '../src/storage/storage.js';
import { loanLead, newStore, type TestStore } from './store.js';

/** A store in which things happen. */
export interface EventDesk extends TestStore {
  readonly storage: Storage;
  /** A lead that was updated so many times, told of everywhere. @returns its id */
  busyLead(updates?: number): Promise<string>;
  stateOf(consumer: string): Promise<ConsumerState | undefined>;
}

export async function newEventDesk(storage: Storage, options?: Parameters<typeof newStore>[2]): Promise<EventDesk> {
  const store = await newStore(storage, undefined, options);
  const { lms, admin } = store;
  return {
    ...store,
    storage,
    async busyLead(updates = 2) {
      const { id } = await admin.leads.create(loanLead());
      for (let at = 0; at < updates; at += 1) await admin.leads.update(id, { fields: { city: `City ${at}` } });
      await lms.settle();
      return id;
    },
    async stateOf(name) {
      const { consumers } = await admin.events.consumers();
      return consumers.find((consumer) => consumer.name === name);
    },
  };
}

/** A promise that is kept when somebody says so. */
export function promised(): { readonly kept: Promise<void>; keep(): void } {
  let keep = (): void => undefined;
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { kept, keep: () => keep() };
}
