import { isId, LmsError, quoted } from '../../../foundation/kernel/index.js';
import type { Unit } from '../../../foundation/persistence/index.js';
import type { StoredEndpoint, WebhookStore } from './webhook-store.js';

/** An endpoint that is not removed, locked in a unit. @throws LmsError `WEBHOOK_NOT_FOUND` */
export async function foundEndpoint(
  webhooks: Pick<WebhookStore, 'endpoint'>,
  unit: Unit | null,
  id: string,
): Promise<StoredEndpoint> {
  const endpoint = isId(id) ? await webhooks.endpoint(unit, id) : null;
  if (endpoint !== null && endpoint.status !== 'removed') return endpoint;
  throw new LmsError('WEBHOOK_NOT_FOUND', { message: `there is no webhook ${quoted(id)}` });
}
