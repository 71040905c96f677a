import { z } from 'zod';
import { eventTypeShape } from '../../../foundation/events/index.js';
import { durationMillis, type Instant, isId } from '../../../foundation/kernel/index.js';
import { anyEvent } from './event-filter.js';
import { type DeliveryStatus, deliveryStatuses, type WebhookInclude } from './webhook-store.js';

/** A receiver as it is added. */
export interface WebhookDraft {
  /** By https, unless the settings allow more. */
  readonly url: string;
  /** `lead.created`, `lead.*`, or `*` for every event; at most 50. */
  readonly eventTypes: readonly string[];
  /** Only what happens to leads of these lines; every event when absent or empty. */
  readonly productLines?: readonly string[];
  /** `ids` when absent. */
  readonly include?: WebhookInclude;
  /** For people, at most 200 characters; no secret. */
  readonly description?: string;
}

/** What is changed of an endpoint; what is absent stays. */
export type WebhookChange = Partial<WebhookDraft>;

export interface WebhookChangeOptions {
  /** Changes only this version. */
  readonly expectedVersion?: number;
}

export interface RotateOptions {
  /** How long the secrets before it sign too, such as `24h`, at most `30d`; `0` ends them at once. `24h` when absent. */
  readonly overlap?: string;
  /** Changes only this version. */
  readonly expectedVersion?: number;
}

export interface DeliveryListQuery {
  readonly endpointId: string;
  /** `dead` when absent. */
  readonly status?: DeliveryStatus;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

/** One delivery, whatever became of it; or the dead ones of an endpoint. */
export type DeliveryRequest =
  | { readonly deliveryId: string }
  | {
      readonly endpointId: string;
      /** Those that were given up from then on. */
      readonly since: Instant;
    };

const id = z.string().refine(isId, { error: 'expected an id' });
const instant = z.iso.datetime({ precision: 3, error: 'expected an instant in UTC with milliseconds' });
const longestOverlapMillis = 30 * 86_400_000;

const fields = {
  url: z.string().min(1).max(2_000),
  eventTypes: z
    .array(
      z.union([z.literal(anyEvent), eventTypeShape], { error: 'expected a type such as lead.created, lead.*, or *' }),
    )
    .min(1)
    .max(50),
  productLines: z.array(z.string().min(1).max(64)).max(50).exactOptional(),
  include: z.enum(['ids', 'masked']).exactOptional(),
  description: z.string().max(200).exactOptional(),
};

export const draftShape: z.ZodType<WebhookDraft> = z.strictObject(fields);
export const changeShape: z.ZodType<WebhookChange> = z
  .strictObject({ ...fields, url: fields.url.exactOptional(), eventTypes: fields.eventTypes.exactOptional() })
  .refine((change) => Object.keys(change).length > 0, { error: 'expected something to change' });

export const rotateShape: z.ZodType<RotateOptions> = z.strictObject({
  overlap: z
    .string()
    .refine((text) => text === '0' || (durationMillis(text) ?? Number.POSITIVE_INFINITY) <= longestOverlapMillis, {
      error: 'expected a span of time such as 24h, at most 30d, or 0',
    })
    .exactOptional(),
  expectedVersion: z.int().min(1).exactOptional(),
});

export const deliveryQueryShape: z.ZodType<DeliveryListQuery> = z.strictObject({
  endpointId: id,
  status: z.enum(deliveryStatuses).exactOptional(),
  after: z.string().min(1).max(100).exactOptional(),
  limit: z.int().min(1).max(200).exactOptional(),
});

export const deliveryRequestShape: z.ZodType<DeliveryRequest> = z.union([
  z.strictObject({ deliveryId: id }),
  z.strictObject({ endpointId: id, since: instant }),
]);

/** The place of a delivery in a list, as text. */
export function cursorOf({ at, id: deliveryId }: { readonly at: Instant; readonly id: string }): string {
  return `${at}_${deliveryId}`;
}

/** Null where the text is none. */
export function placeOf(cursor: string): { readonly at: Instant; readonly id: string } | null {
  const [at = '', deliveryId = ''] = cursor.split('_');
  return instant.safeParse(at).success && isId(deliveryId) ? { at, id: deliveryId } : null;
}
