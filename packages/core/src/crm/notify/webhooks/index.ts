export type {
  DeliveryListQuery,
  DeliveryRequest,
  RotateOptions,
  WebhookChange,
  WebhookChangeOptions,
  WebhookDraft,
} from './endpoint-input.js';
export { EndpointSecrets } from './endpoint-secrets.js';
export { LeadLines, leadOf } from './lead-lines.js';
export { WebhookCourier } from './webhook-courier.js';
export type {
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointSecret,
  WebhookEndpointStanding,
} from './webhook-endpoint.js';
export { WebhookFanOut } from './webhook-fan-out.js';
export { type WebhookHealth, webhookHealth, webhooksFinding } from './webhook-health.js';
export { trimWebhooks } from './webhook-housekeeping.js';
export type { WebhookPayload } from './webhook-payload.js';
export { type Dismissed, type Replayed, type WebhookDeliveryPage, WebhookReplay } from './webhook-replay.js';
export { WebhookService } from './webhook-service.js';
export {
  type CheckedWebhookSettings,
  type WebhookSettings,
  webhookSettings,
  webhookSettingsShape,
} from './webhook-settings.js';
export type {
  DeliveryStatus,
  DisabledReason,
  WebhookFailure,
  WebhookInclude,
  WebhookStore,
} from './webhook-store.js';
export { type WebhookTest, WebhookTester } from './webhook-tester.js';
export { type WebhookRound, type WebhookRoundOptions, WebhookWorker } from './webhook-worker.js';
