import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ids, samples } from '../../../test-support/assignment-desk.js';
import { startChild } from '../../../test-support/child.js';
import type { RelayPlan, RelayReport } from '../../../test-support/relay-child.js';
import { describeShapes, makePlace } from '../../../test-support/shapes.js';
import { sampleEvent, sampleLead } from '../../conformance/samples.js';
import { hybrid } from '../../storage/hybrid.js';
import type { Storage } from '../../storage/storage.js';
import { TestClock } from '../../testing/index.js';
import { auditProjection } from '../audit/index.js';
import { type DomainEvent, LmsError } from '../kernel/index.js';
import type { Projection, UnitOfWork } from '../persistence/index.js';
import { Dispatcher, Relay, relayHealth } from './index.js';

const start = '2026-01-15T04:30:00.000Z';

/** A projection that cannot take some events, until it is mended. */
function choosy(): Projection & { mended: boolean } {
  return {
    name: 'choosy',
    home: 'ledger',
    mended: false,
    handles: (event) => event.type === 'lead.odd',
    async project() {
      if (!this.mended) throw new TypeError('cannot read "Asha Rao" of undefined');
    },
  };
}

interface Desk {
  readonly relay: Relay;
  readonly clock: TestClock;
  readonly projection: ReturnType<typeof choosy>;
  health(): ReturnType<typeof relayHealth>;
}

function deskOf(store: Storage, unitOfWork: UnitOfWork = store.unitOfWork): Desk {
  const clock = new TestClock(start);
  const projection = choosy();
  const { outbox, turns } = store;
  const projections = [projection, auditProjection(store.audit)];
  const dispatcher = new Dispatcher({ unitOfWork, outbox, projections, clock, ids });
  const deliver = dispatcher.deliver.bind(dispatcher);
  return {
    relay: new Relay({ outbox, turns, deliver, clock }),
    clock,
    projection,
    health: () => relayHealth({ outbox, clock }),
  };
}

describeShapes(
  (makeStorage) => {
    let store: Storage;
    beforeAll(async () => {
      store = await makeStorage();
    });
    // What a test that failed left behind is none of the next one's.
    beforeEach(async () => {
      const left = await store.outbox.waiting('documents', 1_000);
      await store.outbox.remove(
        'documents',
        left.map(({ id }) => id),
      );
    });

    const eventsOf = (type: string, count: number, at = start): readonly DomainEvent[] =>
      Array.from({ length: count }, () => sampleEvent(samples(store), { type, at, aggregate: newLeadRef() }));

    function leave(events: readonly DomainEvent[]): Promise<void> {
      return store.unitOfWork.run('documents', (unit) => store.outbox.append(unit, events));
    }

    async function told(events: readonly DomainEvent[]): Promise<number> {
      const rows = await Promise.all(
        events.map(({ aggregate }) => store.audit.list({ aggregateId: aggregate.id, limit: 5 })),
      );
      return rows.flat().length;
    }

    it('tells everything once and leaves nothing; a second round has nothing to do', async () => {
      const { relay, health } = deskOf(store);
      const events = eventsOf('lead.updated', 60);
      await leave(events);
      expect((await health()).homes.documents).toMatchObject({ waiting: 60, stuck: 0, lagMillis: 0, ok: true });
      expect(await relay.drain({ limit: 25 })).toEqual({ projected: 25, failed: 0 });
      expect(await relay.drain()).toEqual({ projected: 35, failed: 0 });
      expect(await relay.drain()).toEqual({ projected: 0, failed: 0 });
      expect(await told(events)).toBe(60);
      expect((await health()).homes.documents).toMatchObject({ waiting: 0, oldestAt: null, lagMillis: 0 });
    });

    it('goes on past 220 events that cannot be told, and keeps of them only how often and with which code', {
      timeout: 60_000,
    }, async () => {
      const { relay, health, clock, projection } = deskOf(store);
      const [odd, good] = [eventsOf('lead.odd', 220), eventsOf('lead.updated', 80)];
      await leave([...odd, ...good]);
      expect(await relay.drain()).toEqual({ projected: 80, failed: 220 });
      expect(await told(good)).toBe(80);
      expect((await health()).homes.documents).toMatchObject({
        waiting: 220,
        retrying: 220,
        stuck: 0,
        lastError: 'INTERNAL',
      });
      expect(await relay.drain()).toEqual({ projected: 0, failed: 0 });
      projection.mended = true;
      clock.advance('5s');
      expect(await relay.drain()).toEqual({ projected: 220, failed: 0 });
      expect(await told(odd)).toBe(220);
    });

    it('waits longer after each failure, leaves an event as stuck after eight, and tries again when asked', {
      timeout: 30_000,
    }, async () => {
      const { relay, health, clock, projection } = deskOf(store);
      const [event] = eventsOf('lead.odd', 1);
      await leave(event === undefined ? [] : [event]);
      for (const seconds of [0, 5, 10, 20, 40, 80, 160, 320]) {
        if (seconds > 0) {
          clock.advance(`${seconds - 1}s`);
          expect(await relay.drain()).toEqual({ projected: 0, failed: 0 });
          clock.advance('1s');
        }
        expect(await relay.drain(), `${seconds} s`).toEqual({ projected: 0, failed: 1 });
      }
      expect(await health()).toMatchObject({ ok: false, homes: { documents: { waiting: 0, stuck: 1, ok: false } } });
      clock.advance('30d');
      expect(await relay.drain()).toEqual({ projected: 0, failed: 0 });
      projection.mended = true;
      expect(await relay.retryStuck()).toBe(1);
      expect(await relay.retryStuck()).toBe(0);
      expect(await relay.drain()).toEqual({ projected: 1, failed: 0 });
      expect((await health()).ok).toBe(true);
    });

    it.each(['STORE_UNAVAILABLE', 'STORE_MISCONFIGURED', 'DISK_FULL'] as const)(
      'counts no try where the store says %s, and says so',
      async (code) => {
        const down: UnitOfWork = {
          oneDatabase: false,
          run: async () => {
            throw new LmsError(code, { message: 'the server is down' });
          },
        };
        const [events, atOne] = [eventsOf('lead.updated', 3), deskOf(store, down)];
        await leave(events);
        await expect(atOne.relay.drain()).rejects.toMatchObject({ code });
        expect((await atOne.health()).homes.documents).toMatchObject({ waiting: 3, retrying: 0, stuck: 0 });
        expect(await deskOf(store).relay.drain()).toEqual({ projected: 3, failed: 0 });
      },
    );

    it('catches up with all that waits, also what is set aside, and says when an event stays behind', {
      timeout: 30_000,
    }, async () => {
      const { relay, clock, projection } = deskOf(store);
      const [odd, good] = [eventsOf('lead.odd', 1), eventsOf('lead.updated', 30)];
      await leave([...odd, ...good]);
      expect(await relay.drain()).toEqual({ projected: 30, failed: 1 });
      await expect(relay.catchUp('documents')).rejects.toMatchObject({ code: 'READ_MODELS_BEHIND', retryable: true });
      projection.mended = true;
      expect(await relay.drain()).toEqual({ projected: 0, failed: 0 });
      await relay.catchUp('documents');
      expect(await told(odd)).toBe(1);
      expect(await store.outbox.count('documents')).toBe(0);
      clock.advance('1h');
      expect(await relay.drain()).toEqual({ projected: 0, failed: 0 });
    });

    it('keeps an event that only a newer release knows, and tells the others', async () => {
      const { relay, health } = deskOf(store);
      const [unknown] = eventsOf('lead.of_a_newer_release', 1);
      if (unknown === undefined) throw new Error('there is one');
      await store.unitOfWork.run('ledger', (unit) => store.outbox.append(unit, [unknown]));
      const good = eventsOf('lead.updated', 2);
      await leave(good);
      expect(await relay.drain()).toEqual({ projected: 2, failed: 1 });
      expect((await health()).homes.ledger).toMatchObject({ waiting: 1, stuck: 0, lastError: 'STORE_TOO_NEW' });
      expect((await store.outbox.waiting('ledger', 5)).map(({ id }) => id)).toEqual([unknown.id]);
      await store.outbox.remove('ledger', [unknown.id]);
    });

    it('gives up a round after eight events in a row where a store refuses everything, and leaves none as stuck', {
      timeout: 30_000,
    }, async () => {
      let units = 0;
      const refusing: UnitOfWork = {
        oneDatabase: false,
        run: async () => {
          units += 1;
          throw new LmsError('STORE_FAILED', { message: 'refused for a reason that no table knows' });
        },
      };
      const at = newLeadRef();
      const events = Array.from({ length: 200 }, () =>
        sampleEvent(samples(store), { type: 'lead.updated', at: start, aggregate: at }),
      );
      const [atOne, mended] = [deskOf(store, refusing), deskOf(store)];
      await leave(events);
      for (let round = 1; round <= 12; round += 1) {
        await expect(atOne.relay.drain()).rejects.toMatchObject({ code: 'STORE_FAILED' });
        atOne.clock.advance('12m');
      }
      expect(units).toBeLessThan(12 * 25);
      expect((await atOne.health()).homes.documents).toMatchObject({ stuck: 0, lastError: 'STORE_FAILED' });
      mended.clock.advance('3h');
      expect(await mended.relay.drain()).toEqual({ projected: 200, failed: 0 });
    });

    it('tells the events of one home though those of the other end the round, and then says why', async () => {
      const at = newLeadRef();
      const broken = Array.from({ length: 8 }, () =>
        sampleEvent(samples(store), { type: 'lead.odd', at: start, aggregate: at }),
      );
      const [placed] = eventsOf('lead.assigned', 1);
      if (placed === undefined) throw new Error('there is one');
      await leave(broken);
      await store.unitOfWork.run('ledger', (unit) => store.outbox.append(unit, [placed]));
      const seen: string[] = [];
      const deliver: ConstructorParameters<typeof Relay>[0]['deliver'] = async (from, events) => {
        if (from === 'documents') throw new LmsError('STORE_FAILED', { message: 'refused for reasons unknown' });
        seen.push(...events.map(({ id }) => id));
      };
      const { outbox, turns } = store;
      const relay = new Relay({ outbox, turns, deliver, clock: new TestClock(start) });
      await expect(relay.drain()).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(seen).toEqual([placed.id]);
    });

    it('leaves an event with an envelope that cannot be opened as stuck: no envelope heals, and the store is well', async () => {
      const { clock, health } = deskOf(store);
      const [event] = eventsOf('lead.updated', 1);
      await leave(event === undefined ? [] : [event]);
      const deliver = async (): Promise<void> => {
        throw new LmsError('ENVELOPE_INVALID', { message: 'the sealed value cannot be opened' });
      };
      const { outbox, turns } = store;
      const relay = new Relay({ outbox, turns, deliver, clock });
      for (let round = 1; round <= 8; round += 1) {
        expect(await relay.drain()).toEqual({ projected: 0, failed: 1 });
        clock.advance('12m');
      }
      expect((await health()).homes.documents).toMatchObject({ waiting: 0, stuck: 1, lastError: 'ENVELOPE_INVALID' });
      await store.outbox.remove('documents', event === undefined ? [] : [event.id]);
    });

    it('is not well when the oldest event waits for more than a minute', async () => {
      const { relay, health, clock } = deskOf(store);
      await leave(eventsOf('lead.updated', 2));
      clock.advance('60s');
      expect((await health()).ok).toBe(true);
      clock.advance('1s');
      expect(await health()).toMatchObject({ ok: false, homes: { documents: { lagMillis: 61_000, waiting: 2 } } });
      await relay.drain();
      expect((await health()).ok).toBe(true);
    });

    it('leaves the lanes of another relay alone, unless all must be told', async () => {
      const { relay } = deskOf(store);
      const events = eventsOf('lead.updated', 40);
      await leave(events);
      const others = [0, 1, 2, 3, 4, 5, 6].map((lane) => `relay-documents-${lane}`);
      const alone = (names: readonly string[], work: () => Promise<void>): Promise<unknown> => {
        const [name, ...rest] = names;
        return name === undefined ? work() : store.turns.alone(name, () => alone(rest, work).then(() => undefined));
      };
      await alone(others, async () => {
        const { projected } = await relay.drain();
        expect(projected).toBeLessThan(40);
        expect((await relay.drain({ busyLanesToo: true })).projected).toBe(40 - projected);
      });
      expect(await told(events)).toBe(40);
    });
  },
  ['hybrid'],
);

function newLeadRef(): DomainEvent['aggregate'] {
  return { kind: 'lead', id: ids.next<'lead'>(), version: 1 };
}

it('finds connections for its work however small the pool, and however many relays share it', {
  timeout: 30_000,
}, async () => {
  const place = await makePlace('hybrid');
  const { address } = place;
  if (address.shape !== 'hybrid') throw new Error('another place was asked for');
  const store = hybrid({ mongo: { url: address.mongoUrl }, mysql: { url: address.mysqlUrl }, poolSize: 1 });
  await store.open();
  try {
    const events = Array.from({ length: 80 }, () => sampleEvent(samples(store), { aggregate: newLeadRef() }));
    await store.unitOfWork.run('documents', (unit) => store.outbox.append(unit, events));
    const relays = [deskOf(store), deskOf(store), deskOf(store)].map(({ relay }) => relay);
    const reports = await Promise.all(relays.map((relay) => relay.drain()));
    expect(reports.reduce((sum, { projected }) => sum + projected, 0)).toBe(80);
    expect(await store.outbox.count('documents')).toBe(0);
  } finally {
    await store.close();
    await place.remove();
  }
});

describe('three relays in processes of their own', () => {
  it('tell each event of two writers exactly once, whoever takes it', { timeout: 60_000 }, async () => {
    const place = await makePlace('hybrid');
    const store = place.handle();
    await store.open();
    try {
      const plan: RelayPlan = { address: place.address };
      const relays = await Promise.all(
        [0, 1, 2].map(() => startChild<{ readonly stop: true }, RelayReport>('./relay-child.ts', plan)),
      );
      const events: DomainEvent[] = [];
      const write = async (): Promise<void> => {
        for (let round = 0; round < 30; round += 1) {
          const leads = Array.from({ length: 10 }, () => sampleLead(samples(store)));
          const made = leads.map(({ id }) => sampleEvent(samples(store), createdAt(id)));
          await store.unitOfWork.run('documents', async (unit) => {
            await store.leads.insert(unit, leads);
            await store.outbox.append(unit, made);
          });
          events.push(...made);
        }
      };
      await Promise.all([write(), write()]);
      await expect.poll(() => store.outbox.count('documents'), { timeout: 30_000, interval: 100 }).toBe(0);
      const reports = await Promise.all(relays.map((relay) => relay.ask({ stop: true })));
      expect(reports.reduce((sum, { projected }) => sum + projected, 0)).toBeGreaterThanOrEqual(600);
      expect(reports.map(({ failed }) => failed)).toEqual([0, 0, 0]);
      await Promise.all(relays.map((relay) => relay.end()));
      const trail = new Set<string>();
      let rows = 0;
      for (let after: string | undefined; ; ) {
        const page = await store.audit.list({ eventType: 'lead.created', limit: 500, ...(after ? { after } : {}) });
        rows += page.length;
        for (const { id } of page) trail.add(id);
        after = page.at(-1)?.id;
        if (after === undefined) break;
      }
      expect([rows, trail.size]).toEqual([600, 600]);
      expect(await store.facts.count({ scope: { everything: true } }, 1_000)).toBe(600);
    } finally {
      await store.close();
      await place.remove();
    }
  });
});

function createdAt(id: DomainEvent['aggregate']['id']): Partial<DomainEvent> {
  const stages = { productLine: 'personal-loan', pipelineVersion: 1, from: null, to: 'new' };
  return { type: 'lead.created', aggregate: { kind: 'lead', id, version: 1 }, data: { ...stages, ownerId: null } };
}
