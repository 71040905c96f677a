import type { FeedEvent } from '../../../foundation/events/index.js';
import type { Instant, Json } from '../../../foundation/kernel/index.js';
import type { WebhookInclude } from './webhook-store.js';

/** The body of a webhook: what happened and to what. */
export interface WebhookPayload {
  readonly type: string;
  /** When it happened, not when it is sent. */
  readonly timestamp: Instant;
  readonly data: {
    readonly eventId: string;
    /** Of the shape of `changes` for this type. */
    readonly typeVersion: number;
    readonly aggregate: { readonly kind: string; readonly id: string; readonly version: number };
    readonly actor: string;
    readonly correlationId: string;
    /** As the trail shows them, personal values masked; only where the endpoint includes them. */
    readonly changes?: Json;
    /** Why `changes` are missing although the endpoint includes them. */
    readonly changesOmitted?: 'too-large' | 'erased';
  };
}

/** As the standard advises: what is larger is asked for by its id. */
const mostBytes = 20_000;

/** The body for an event, at most 20,000 bytes: changes that make it longer are left out. */
export function payloadText(event: FeedEvent, include: WebhookInclude): string {
  const thin = payloadOf(event);
  if (include === 'ids') return JSON.stringify(thin);
  const whole = JSON.stringify(withData(thin, { changes: event.data }));
  if (Buffer.byteLength(whole) <= mostBytes) return whole;
  return JSON.stringify(withData(thin, { changesOmitted: 'too-large' }));
}

/** Whether a body has more in it than ids. */
export function hasChanges(text: string): boolean {
  return text.includes('"changes":');
}

/** The same body once the person was erased: masked values are gone too. */
export function withoutChanges(text: string): string {
  const payload: WebhookPayload = JSON.parse(text);
  const { changes: _gone, ...data } = payload.data;
  return JSON.stringify(withData({ ...payload, data }, { changesOmitted: 'erased' }));
}

function withData(
  payload: WebhookPayload,
  more: Pick<WebhookPayload['data'], 'changes' | 'changesOmitted'>,
): WebhookPayload {
  return { ...payload, data: { ...payload.data, ...more } };
}

function payloadOf(event: FeedEvent): WebhookPayload {
  const { id: eventId, type, typeVersion, at: timestamp, actor, correlationId } = event;
  const { kind, id, version } = event.aggregate;
  return { type, timestamp, data: { eventId, typeVersion, aggregate: { kind, id, version }, actor, correlationId } };
}
