import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type RunningChild, startChild } from '../test-support/child.js';
import { brokenInvariants } from '../test-support/crash-matrix/invariants.js';
import { readRawState } from '../test-support/crash-matrix/read-raw.js';
import type { HeldRelayAnswer, HeldRelayPlan, HeldRelayQuestion } from '../test-support/held-relay-child.js';
import { makePlace, type PlaceName } from '../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../test-support/store.js';
import { LmsError, type Storage } from './index.js';

type RelayChild = RunningChild<HeldRelayQuestion, HeldRelayAnswer>;

interface Kill {
  readonly shape: PlaceName;
  readonly hold: 'before-commit' | 'after-commit';
}

const all: readonly Kill[] = (['hybrid', 'hybrid-mariadb'] as const).flatMap((shape) =>
  (['before-commit', 'after-commit'] as const).map((hold) => ({ shape, hold })),
);
const kills = process.env['LMS_TEST_FULL'] === '1' ? all : all.filter((_, at) => at === 0 || at === all.length - 1);

/** A store whose events stay in the outbox, as after a crash of every process that made some. */
function withoutLedgerUnits(storage: Storage): Storage {
  const { unitOfWork } = storage;
  const run: Storage['unitOfWork']['run'] = (home, work, options) =>
    home === 'documents'
      ? unitOfWork.run(home, work, options)
      : Promise.reject(new LmsError('STORE_UNAVAILABLE', { message: 'the ledger is gone' }));
  return { ...storage, unitOfWork: { oneDatabase: unitOfWork.oneDatabase, run } };
}

it.each(kills)(
  'of three relays on $shape one is killed $hold in the middle of its steps: the others tell the rest, each event once and in order',
  {
    timeout: 60_000,
  },
  async ({ shape, hold }) => {
    const place = await makePlace(shape);
    const storage = place.handle();
    const { admin, user, lms } = await newStore(storage);
    const children: RelayChild[] = [];
    try {
      for (const agent of ['asha', 'leaver']) await user(agent, ['agent'], ['west']);
      const crashing = await openStore(withoutLedgerUnits(place.handle()));
      const leads: string[] = [];
      for (let at = 0; at < 12; at += 1) {
        const agent = crashing.lms.as({ kind: 'user', id: at % 4 === 0 ? 'leaver' : 'asha' });
        const { id } = await agent.leads.create(loanLead());
        await crashing.admin.leads.update(id, { fields: { city: 'Goa' } });
        await crashing.admin.leads.update(id, { fields: { city: 'Pune' } });
        leads.push(id);
      }
      await crashing.lms.close();
      await admin.users.deactivate('leaver');
      const events = await storage.outbox.count('documents');
      expect(events).toBe(leads.length * 3);

      const start = (stands: HeldRelayPlan['hold']): Promise<RelayChild> =>
        startChild('./held-relay-child.ts', { address: place.address, hold: stands } satisfies HeldRelayPlan);
      const [killed, ...others] = await Promise.all([start(hold), start(null), start(null)]);
      if (killed === undefined) throw new Error('it was started');
      children.push(...others);
      // It stands still with the turns of its lanes, and its transactions open or their events not removed yet.
      expect(await killed.ask({ what: 'round' })).toEqual({ held: true });
      // The others tell what they can, and may have to wait for its transactions.
      const meanwhile = Promise.all(others.map((relay) => relay.ask({ what: 'round' })));
      await Promise.race([meanwhile, sleep(500)]);
      expect(await storage.outbox.count('documents')).toBeGreaterThan(0);
      await killed.ask({ what: 'die' }).catch(() => undefined);
      expect(await killed.end()).toMatchObject({ signal: 'SIGKILL' });

      await meanwhile;
      const after: HeldRelayAnswer[] = [];
      await expect
        .poll(
          async () => {
            after.push(...(await Promise.all(others.map((relay) => relay.ask({ what: 'round' })))));
            return (await storage.outbox.count('documents')) + (await storage.outbox.count('ledger'));
          },
          { timeout: 20_000, interval: 50 },
        )
        .toBe(0);
      for (const round of [...(await meanwhile), ...after]) expect(round).toMatchObject({ failed: 0, outOfOrder: [] });
      const state = await readRawState(place.address);
      expect(brokenInvariants(state)).toEqual([]);
      expect(state.audit.filter(({ aggregateKind }) => aggregateKind === 'lead')).toHaveLength(events);
      for (const [at, id] of leads.entries()) {
        const lead = await admin.leads.get(id);
        expect(lead).toMatchObject({ version: 3, ownerId: at % 4 === 0 ? null : 'asha' });
      }
    } finally {
      await Promise.all(children.map((relay) => relay.end()));
      await lms.close();
      await place.remove();
    }
  },
);
