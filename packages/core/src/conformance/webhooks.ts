import { deepStrictEqual, equal } from 'node:assert/strict';
import type { StoredDelivery, StoredEndpoint } from '../crm/notify/webhooks/webhook-store.js';
import { type Instant, toInstant } from '../foundation/kernel/index.js';
import type { ConformanceCase } from './conformance-case.js';
import { instantAfter } from './samples.js';
import { inUnit, refusalOf, together } from './together.js';
import {
  claim,
  end,
  failure,
  fresh,
  idsOf,
  leaseUntil,
  longAfter,
  now,
  sampleDelivery,
  withDue,
} from './webhook-samples.js';

export const webhookCases: readonly ConformanceCase[] = [
  {
    id: 'webhooks/claim-once',
    level: 'MUST',
    title: 'of 8 callers that claim 100 due deliveries at once each goes to one, as it was queued',
    async run(context) {
      const { endpoint, deliveries } = await withDue(context, 100);
      const claimed = await together(context, 8, async (storage) => {
        const mine: StoredDelivery[] = [];
        for (let got = await claim(storage, endpoint.id, 7); got.length > 0; ) {
          mine.push(...got);
          got = await claim(storage, endpoint.id, 7);
        }
        return mine;
      });
      const byId = new Map(claimed.flat().map((delivery) => [delivery.id, delivery]));
      equal(claimed.flat().length, 100, 'deliveries claimed');
      for (const delivery of deliveries) {
        deepStrictEqual(byId.get(delivery.id), { ...fresh(delivery), at: leaseUntil, attempts: 1, fence: 1 });
      }
    },
  },
  {
    id: 'webhooks/fence',
    level: 'MUST',
    title: 'a claim that lapsed is claimed again, and whoever had it first ends nothing any more',
    async run(context) {
      const { endpoint } = await withDue(context, 1);
      const [first] = await claim(context.storage, endpoint.id, 1);
      deepStrictEqual(await claim(context.other, endpoint.id, 1), [], 'claimed while it is in hand');
      const lapsed = { now: leaseUntil, leaseUntil: longAfter };
      const [second] = await claim(context.other, endpoint.id, 1, lapsed);
      if (first === undefined || second === undefined) throw new Error('it was not claimed');
      deepStrictEqual(second, { ...first, at: longAfter, attempts: 2, fence: 2 });
      equal((await end(context.storage, first, { kind: 'delivered', status: 200 })).size, 0, 'ended by who lost it');
      deepStrictEqual(await context.storage.webhooks.delivery(first.id), second);
      deepStrictEqual([...(await end(context.other, second, { kind: 'delivered', status: 204 }))], [second.id]);
      deepStrictEqual(await context.storage.webhooks.delivery(first.id), {
        ...{ ...second, status: 'delivered', at: now, deliveredStatus: 204 },
      });
      equal((await end(context.other, second, { kind: 'dead', failures: [] })).size, 0, 'ended twice');
    },
  },
  {
    id: 'webhooks/one-an-event',
    level: 'MUST',
    title: 'an endpoint has one delivery of an event, however often it is queued; each endpoint has its own',
    async run(context) {
      const { endpoint, deliveries } = await withDue(context, 2);
      const { endpoint: another } = await withDue(context, 0);
      const repeats = deliveries.flatMap(({ eventId }) =>
        [endpoint, another].map(({ id }) => sampleDelivery(context, id, { eventId })),
      );
      await inUnit(context.other, 'ledger', (unit) => context.other.webhooks.insertDeliveries(unit, repeats));
      const { webhooks } = context.storage;
      const wanted = { status: 'waiting', limit: 10 } as const;
      deepStrictEqual(
        idsOf(await webhooks.deliveries({ endpointId: endpoint.id, ...wanted })),
        [...idsOf(deliveries)].reverse(),
      );
      equal((await webhooks.deliveries({ endpointId: another.id, ...wanted })).length, 2);
    },
  },
  {
    id: 'webhooks/position-with-the-unit',
    level: 'MUST',
    title:
      'the position and what was queued for it are kept together; of callers that move it on at once each sees the one before',
    async run(context) {
      const { storage } = context;
      const { endpoint } = await withDue(context, 0);
      const delivery = sampleDelivery(context, endpoint.id);
      const before = await inUnit(storage, 'ledger', (unit) => storage.webhooks.lockPosition(unit, 0));
      const failing = storage.unitOfWork.run('ledger', async (unit) => {
        await storage.webhooks.savePosition(unit, before + 1_000);
        await storage.webhooks.insertDeliveries(unit, [delivery]);
        throw new Error('the unit fails');
      });
      await refusalOf(failing, 'the error of the unit');
      equal(await context.other.webhooks.position(), before);
      equal(await storage.webhooks.delivery(delivery.id), null);
      await together(context, 6, (each) =>
        inUnit(each, 'ledger', async (unit) => {
          const position = await each.webhooks.lockPosition(unit, 0);
          await each.webhooks.savePosition(unit, position + 1);
        }),
      );
      equal(await storage.webhooks.position(), before + 6);
    },
  },
  {
    id: 'webhooks/due',
    level: 'MUST',
    title: 'due is what waits for an active endpoint, the longest due first, and never before its time',
    async run(context) {
      const { storage } = context;
      const { endpoint, deliveries } = await withDue(context, 3);
      const disabled = await withDue(context, 1, { status: 'disabled', disabledReason: 'gone' });
      const dueAt = async (at: Instant): Promise<readonly string[]> =>
        (await context.other.webhooks.dueEndpoints(at))
          .map(({ id }) => id)
          .filter((id) => id === endpoint.id || id === disabled.endpoint.id);
      deepStrictEqual(await dueAt(instantAfter(-1)), []);
      deepStrictEqual(await dueAt(instantAfter(0)), [endpoint.id]);
      const early = { now: instantAfter(1), leaseUntil };
      deepStrictEqual(idsOf(await claim(storage, endpoint.id, 9, early)), idsOf(deliveries.slice(0, 2)));
      const [third] = await claim(storage, endpoint.id, 1);
      if (third === undefined) throw new Error('the third was not due');
      await end(storage, third, { kind: 'again', at: longAfter, failures: [failure] });
      equal((await end(storage, third, { kind: 'dead', failures: [] })).size, 0, 'a try that failed was ended twice');
      deepStrictEqual(await dueAt(now), []);
      const again = { ...third, at: longAfter, fence: 2, failures: [failure] };
      deepStrictEqual(await storage.webhooks.delivery(third.id), again);
      const claimedAgain = await claim(storage, endpoint.id, 9, { now: longAfter, leaseUntil: longAfter });
      const released = claimedAgain.find(({ id }) => id === third.id);
      if (released === undefined) throw new Error('it was not due again');
      await end(storage, released, { kind: 'released', at: now });
      equal((await end(storage, released, { kind: 'released', at: now })).size, 0, 'it was given back twice');
      deepStrictEqual(await storage.webhooks.delivery(third.id), { ...again, at: now, fence: 4 });
    },
  },
  {
    id: 'webhooks/read-back',
    level: 'MUST',
    title:
      'endpoints are read back as written, marked as failing once, counted, and forgotten when nothing is left of them',
    async run(context) {
      const { storage, other } = context;
      const { endpoint } = await withDue(context, 2);
      deepStrictEqual(await other.webhooks.endpoint(null, endpoint.id), endpoint);
      await inUnit(storage, 'ledger', async (unit) => {
        await storage.webhooks.markFailing(unit, endpoint.id, now);
        await storage.webhooks.markFailing(unit, endpoint.id, longAfter);
      });
      equal((await other.webhooks.endpoint(null, endpoint.id))?.failingSince, now);
      await inUnit(storage, 'ledger', (unit) => storage.webhooks.markFailing(unit, endpoint.id, null));
      deepStrictEqual(await other.webhooks.endpoint(null, endpoint.id), endpoint);
      const [claimed] = await claim(storage, endpoint.id, 1);
      if (claimed === undefined) throw new Error('it was not due');
      await end(storage, claimed, { kind: 'dead', failures: [failure] });
      const counts = (await other.webhooks.counts()).find(({ endpointId }) => endpointId === endpoint.id);
      deepStrictEqual({ ...counts }, { endpointId: endpoint.id, waiting: 1, dead: 1, oldestAt: instantAfter(1) });

      const removed: StoredEndpoint = { ...endpoint, status: 'removed', secrets: [], version: 2 };
      await inUnit(storage, 'ledger', (unit) => storage.webhooks.updateEndpoint(unit, removed));
      deepStrictEqual(await other.webhooks.endpoint(null, endpoint.id), removed);
      const forget = (): Promise<boolean> =>
        inUnit(storage, 'ledger', (unit) => storage.webhooks.forgetEndpoint(unit, endpoint.id));
      equal(await forget(), false, 'forgotten with deliveries');
      const before = toInstant(Date.parse(longAfter));
      equal(await storage.webhooks.trim(endpoint.id, 'dead', now, 10), 0, 'what ended at that moment');
      for (const status of ['dead', 'waiting'] as const) {
        equal(await storage.webhooks.trim(endpoint.id, status, before, 10), 1, status);
      }
      equal(await forget(), true, 'forgotten');
      equal(await other.webhooks.endpoint(null, endpoint.id), null);
    },
  },
  {
    id: 'webhooks/dismissed',
    level: 'MUST',
    title:
      'dead deliveries since a time are dismissed, up to the limit, the oldest first: they are not counted, not sent, and say what became of them',
    async run(context) {
      const { storage, other } = context;
      const { endpoint } = await withDue(context, 3);
      const [waits, ...claimed] = await claim(storage, endpoint.id, 3);
      for (const each of claimed) await end(storage, each, { kind: 'dead', failures: [failure] });
      const [first, second] = claimed;
      if (waits === undefined || first === undefined || second === undefined) throw new Error('too few were claimed');
      const dismissDead = (since: Instant, limit: number): Promise<number> =>
        inUnit(other, 'ledger', (unit) => other.webhooks.dismissDead(unit, { endpointId: endpoint.id, since, limit }));
      const dismiss = ({ id }: { readonly id: string }): Promise<boolean> =>
        inUnit(storage, 'ledger', (unit) => storage.webhooks.dismiss(unit, { endpointId: endpoint.id, id }));
      equal(await dismissDead(longAfter, 10), 0, 'before that time');
      equal(await dismissDead(now, 1), 1);
      deepStrictEqual(await storage.webhooks.delivery(first.id), {
        ...{ ...first, status: 'dismissed', at: now, fence: 2, failures: [failure] },
      });
      equal(await dismiss(first), false, 'one that is dismissed');
      equal(await dismiss(waits), false, 'one that waits');
      equal(await dismiss({ id: context.ids.next<'webhook-message'>() }), false, 'one that is not there');
      equal(await dismiss(second), true, 'a dead one');
      equal(await dismissDead(now, 10), 0, 'what is dismissed');
      const counts = (await other.webhooks.counts()).find(({ endpointId }) => endpointId === endpoint.id);
      deepStrictEqual({ waiting: counts?.waiting, dead: counts?.dead }, { waiting: 1, dead: 0 });
      const query = { endpointId: endpoint.id, status: 'dismissed', limit: 10 } as const;
      deepStrictEqual(idsOf(await other.webhooks.deliveries(query)).toSorted(), idsOf(claimed).toSorted());
      deepStrictEqual(await claim(storage, endpoint.id, 10, { now: leaseUntil, leaseUntil: longAfter }).then(idsOf), [
        waits.id,
      ]);
      const one = { endpointId: endpoint.id, id: first.id };
      equal(await inUnit(storage, 'ledger', (unit) => storage.webhooks.replay(unit, one, now)), true, 'replayed');
      equal((await other.webhooks.delivery(first.id))?.status, 'waiting');
    },
  },
  {
    id: 'webhooks/replay',
    level: 'MUST',
    title:
      'dead deliveries since a time are due again with all their tries, up to the limit, the oldest first; claims of them are lost',
    async run(context) {
      const { storage } = context;
      const { endpoint } = await withDue(context, 3);
      const claimed = await claim(storage, endpoint.id, 3);
      for (const each of claimed) await end(storage, each, { kind: 'dead', failures: [failure] });
      const replayDead = (since: Instant, limit: number): Promise<number> =>
        inUnit(context.other, 'ledger', (unit) =>
          context.other.webhooks.replayDead(unit, { endpointId: endpoint.id, since, limit }, longAfter),
        );
      equal(await replayDead(longAfter, 10), 0, 'before that time');
      equal(await replayDead(now, 2), 2);
      equal(await replayDead(now, 2), 1);
      equal(await replayDead(now, 2), 0, 'what waits already');
      const [first] = claimed;
      if (first === undefined) throw new Error('nothing was claimed');
      const replayed = { ...first, at: longAfter, attempts: 0, fence: 3, failures: [failure] };
      deepStrictEqual(await storage.webhooks.delivery(first.id), replayed);
      const [again] = await claim(storage, endpoint.id, 1, { now: longAfter, leaseUntil: longAfter });
      if (again === undefined) throw new Error('it was not due again');
      const one = { endpointId: endpoint.id, id: again.id };
      equal(await inUnit(storage, 'ledger', (unit) => storage.webhooks.replay(unit, one, now)), true);
      equal((await end(storage, again, { kind: 'delivered', status: 200 })).size, 0, 'ended by who lost it');
      const gone = { ...one, id: context.ids.next<'webhook-message'>() };
      equal(await inUnit(storage, 'ledger', (unit) => storage.webhooks.replay(unit, gone, now)), false);
    },
  },
];
