import type { ActorServices, Storage } from '../../src/index.js';

const at = '2026-02-15T04:30:00.000Z';
const later = '2026-02-16T04:30:00.000Z';

/** What people do with webhooks; nothing is sent. */
export async function useWebhooks({ webhooks }: ActorServices): Promise<void> {
  const draft = { url: 'https://hooks.example/statements', eventTypes: ['crash.never'] };
  const { endpoint } = await webhooks.add(draft);
  const { endpoint: removed } = await webhooks.add(draft);
  await webhooks.remove(removed.id);
  await webhooks.test(removed.id).catch(() => undefined);
  await webhooks.list();
  await webhooks.get(endpoint.id);
  await webhooks.update(endpoint.id, { description: 'of the statements' });
  await webhooks.rotateSecret(endpoint.id);
  await webhooks.disable(endpoint.id);
  await webhooks.enable(endpoint.id);
  await webhooks.deliveries({ endpointId: endpoint.id, after: `${at}_${endpoint.id}`, limit: 50 });
  await webhooks.replay({ endpointId: endpoint.id, since: at });
  await webhooks.replay({ deliveryId: endpoint.id }).catch(() => undefined);
  await webhooks.dismiss({ endpointId: endpoint.id, since: at });
  await webhooks.dismiss({ deliveryId: endpoint.id }).catch(() => undefined);
}

/** What handing out events and sending them asks of the store, also where it fails. */
export async function useDeliveries({ unitOfWork, webhooks }: Storage): Promise<void> {
  const [endpoint] = await webhooks.endpoints(null);
  if (endpoint === undefined) throw new Error('there is no endpoint');
  const endpointId = endpoint.id;
  const ids = ['1', '2', '3', '4'].map((last) => `019c5f00-0000-7000-8000-00000000000${last}`);
  const queued = ids.map((id) => ({
    ...{ id, endpointId, eventId: id, eventType: 'crash.never', payload: '{}', madeAt: at },
    aggregate: { kind: 'lead', id: 'none' },
  }));
  await webhooks.position();
  await unitOfWork.run('ledger', async (unit) => {
    const position = await webhooks.lockPosition(unit, 0);
    await webhooks.insertDeliveries(unit, queued);
    await webhooks.savePosition(unit, position);
  });
  await webhooks.dueEndpoints(later);
  const lease = { now: later, leaseUntil: later };
  const outcomes = [
    { kind: 'delivered', status: 204 },
    { kind: 'again', at: later, failures: [] },
    { kind: 'dead', failures: [] },
    { kind: 'released', at: later },
  ] as const;
  await unitOfWork.run('ledger', async (unit) => {
    const claimed = await webhooks.claim(unit, [{ endpointId, limit: 10 }], lease);
    const endings = claimed.flatMap(({ id, fence }, place) => {
      const outcome = outcomes[place];
      return outcome === undefined ? [] : [{ endpointId, id, fence, outcome }];
    });
    await webhooks.end(unit, endings, later);
    await webhooks.markFailing(unit, endpointId, later);
    await webhooks.markFailing(unit, endpointId, null);
    await webhooks.dismissDead(unit, { endpointId, since: at, limit: 10 });
    await webhooks.dismiss(unit, { endpointId, id: ids[0] ?? '' });
    await webhooks.replayDead(unit, { endpointId, since: at, limit: 10 }, later);
    await webhooks.replay(unit, { endpointId, id: ids[0] ?? '' }, later);
    await webhooks.forgetEndpoint(unit, endpointId);
  });
  await webhooks.delivery(ids[0] ?? '');
  await webhooks.deliveries({ endpointId, status: 'waiting', limit: 10 });
  await webhooks.trim(endpointId, 'waiting', '2026-02-17T04:30:00.000Z', 10);
}
