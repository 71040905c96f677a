import { createLms } from '#core';
import { mysql } from '#core/storage/mysql';
import { testKey } from '#core/testing';
import { emptyDatabases, type Servers } from '../data/servers.ts';
import { startReceiver } from '../kit/receiver.ts';
import { beSubject } from '../kit/subject.ts';

export interface WebhooksSettings {
  readonly deliveries: number;
  readonly servers: Servers;
}

export interface WebhooksFound {
  readonly perSecond: number;
}

const at = '2026-01-15T04:30:00.000Z';
const atOnce = 500;

await beSubject<WebhooksSettings, WebhooksFound>(async ({ deliveries, servers }) => {
  await emptyDatabases(servers);
  await using receiver = await startReceiver();
  const { port } = receiver;
  const storage = mysql({ url: servers.mysqlUrl });
  const network = { allowInsecure: true, ports: [port], privateHosts: ['127.0.0.1'] };
  await using lms = await createLms({ storage, key: testKey, webhooks: { network } });
  await lms.bootstrapAdmin({ id: 'bench', name: 'Bench' });
  const { webhooks } = lms.as({ kind: 'user', id: 'bench' });
  const { endpoint } = await webhooks.add({ url: `http://127.0.0.1:${port}/`, eventTypes: ['bench.never'] });

  let queued = 0;
  /** As events are handed out; the events themselves are not measured. */
  const queue = (count: number): Promise<void> =>
    storage.unitOfWork.run('ledger', async (unit) => {
      const rows = Array.from({ length: count }, (_, place) => {
        const id = `019c5f00-0000-7000-8000-${String(queued + place).padStart(12, '0')}`;
        const payload = JSON.stringify({
          type: 'bench.never',
          timestamp: at,
          data: { aggregate: { kind: 'lead', id } },
        });
        const aggregate = { kind: 'lead', id };
        return { id, endpointId: endpoint.id, eventId: id, eventType: 'bench.never', aggregate, payload, madeAt: at };
      });
      await storage.webhooks.insertDeliveries(unit, rows);
    });
  const send = async (count: number): Promise<number> => {
    for (let left = count; left > 0; left -= atOnce) {
      await queue(Math.min(atOnce, left));
      queued += Math.min(atOnce, left);
    }
    const begun = performance.now();
    const { webhooks: sent } = await lms.tick({ jobs: { limit: 0 }, webhooks: { limit: count, millis: 600_000 } });
    if (sent.delivered !== count) throw new Error(`${sent.delivered} of ${count} were delivered`);
    return performance.now() - begun;
  };
  await send(200);
  return { perSecond: (deliveries * 1000) / (await send(deliveries)) };
});
