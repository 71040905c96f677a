import type { WebhookSettings } from '../src/index.js';
import type { Storage } from '../src/storage/storage.js';
import { type OtherSystem, otherSystem } from './other-system.js';
import { newStore, type TestStore } from './store.js';

/** Receivers on this machine, without TLS. */
export function receiversAt(receivers: readonly { readonly port: number }[]): WebhookSettings {
  const ports = receivers.map(({ port }) => port);
  return { network: { allowInsecure: true, ports, privateHosts: ['127.0.0.1'] } };
}

/** A receiver that answers 204 to everything. */
export function willingReceiver(): Promise<OtherSystem> {
  return otherSystem((_request, response) => {
    response.statusCode = 204;
    response.end();
  });
}

/** A store whose clock begins now, as the reference library refuses old messages. */
export function webhookStore(
  storage: Storage,
  webhooks: WebhookSettings,
  options: Parameters<typeof newStore>[2] = {},
): Promise<TestStore> {
  return newStore(storage, new Date().toISOString(), { webhooks, ...options });
}
