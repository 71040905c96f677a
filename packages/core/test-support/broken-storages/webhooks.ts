import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of outgoing webhooks. */
export const brokenWebhooks: Readonly<Record<string, Breakage>> = {
  'webhooks/claim-once': breaking('webhooks', (real) => ({
    // Gives what it has in hand once more.
    async claim(unit, claims, lease) {
      const [first] = claims;
      const claimed = await real.claim(unit, claims, lease);
      if (first === undefined || claimed.length === 0) return claimed;
      const { endpointId, limit } = first;
      return (await real.deliveries({ endpointId, status: 'waiting', limit })).slice(0, claimed.length);
    },
  })),
  'webhooks/fence': breaking('webhooks', (real) => ({
    async end(unit, endings, now) {
      const known = await Promise.all(endings.map(async (each) => ({ each, stored: await real.delivery(each.id) })));
      const asTheirs = known.map(({ each, stored }) => ({ ...each, fence: stored?.fence ?? each.fence }));
      return real.end(unit, asTheirs, now);
    },
  })),
  'webhooks/one-an-event': breaking('webhooks', (real) => ({
    insertDeliveries: (unit, deliveries) =>
      real.insertDeliveries(
        unit,
        deliveries.map((delivery) => ({ ...delivery, eventId: delivery.id })),
      ),
  })),
  'webhooks/position-with-the-unit': breaking('webhooks', (real) => {
    // Keeps the position in its own memory, whatever becomes of the unit.
    let position: number | null = null;
    return {
      position: async () => position ?? real.position(),
      lockPosition: async (unit, first) => position ?? real.lockPosition(unit, first),
      async savePosition(_unit, reached) {
        position = reached;
      },
    };
  }),
  'webhooks/due': breaking('webhooks', (real) => ({
    async dueEndpoints(now) {
      const counts = new Map((await real.counts()).map((each) => [each.endpointId, each.oldestAt]));
      return (await real.endpoints(null)).filter(({ id }) => (counts.get(id) ?? '9') <= now);
    },
  })),
  'webhooks/read-back': breaking('webhooks', (real) => ({
    async markFailing(unit, id, since) {
      await real.markFailing(unit, id, null);
      await real.markFailing(unit, id, since);
    },
  })),
  // Lets be what somebody has in hand.
  'webhooks/dismissed': breaking('webhooks', (real) => ({
    async dismiss(unit, delivery) {
      const isDismissed = await real.dismiss(unit, delivery);
      return isDismissed || (await real.delivery(delivery.id)) !== null;
    },
  })),
  'webhooks/replay': breaking('webhooks', (real) => ({
    replayDead: (unit, dead, now) => real.replayDead(unit, { ...dead, since: '2001-01-01T00:00:00.000Z' }, now),
  })),
};
