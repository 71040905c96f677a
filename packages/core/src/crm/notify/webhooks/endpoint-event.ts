import type { Actor, Json } from '../../../foundation/kernel/index.js';
import type { EventDraft } from '../../../foundation/persistence/index.js';
import type { StoredEndpoint } from './webhook-store.js';

/** What happens to endpoints. */
export type EndpointEventType =
  | 'webhook.added'
  | 'webhook.updated'
  | 'webhook.secret_rotated'
  | 'webhook.disabled'
  | 'webhook.enabled'
  | 'webhook.removed'
  | 'webhook.tested'
  | 'webhook.replayed'
  | 'webhook.dismissed';

/** What was done to an endpoint, and by whom. */
export interface EndpointEvent {
  readonly type: EndpointEventType;
  readonly actor: Actor;
  readonly command: string;
  readonly data?: Readonly<Record<string, Json>>;
}

/** The event of an endpoint. Of its URL the host alone is told: paths and queries may be secrets. */
export function endpointEvent(
  { id, url, version }: StoredEndpoint,
  { type, actor, command, data = {} }: EndpointEvent,
): EventDraft {
  return {
    type,
    typeVersion: 1,
    aggregate: { kind: 'webhook', id, version },
    actor,
    command,
    data: { host: new URL(url).host, ...data },
    sealed: null,
  };
}
