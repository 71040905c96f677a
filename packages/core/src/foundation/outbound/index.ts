export type { OutboundBudgetStore, Spending } from './budget-store.js';
export type { BudgetStanding } from './budgets.js';
export type { Delays } from './delays.js';
export {
  type ContentState,
  type Exchange,
  type ExchangeGate,
  type ExchangeListQuery,
  type ExchangePage,
  type ExchangePorts,
  ExchangeService,
  type ExchangeState,
  type ExchangeWithContent,
} from './exchange-service.js';
export type {
  ExchangeEnd,
  ExchangeOutcome,
  ExchangeQuery,
  ExchangeStore,
  ExchangeSummary,
  StoredExchange,
} from './exchange-store.js';
export { isHeaderName } from './headers.js';
export { OutboundClient, type OutboundGate, type OutboundPorts } from './outbound-client.js';
export { trimOutbound } from './outbound-housekeeping.js';
export type { OutboundCallName, OutboundEvent, OutboundLog } from './outbound-log.js';
export type { OutboundMethod, OutboundRequest, OutboundResponse, OutboundSubject } from './outbound-request.js';
export { type OutboundSettings, resolvedTargets } from './outbound-settings.js';
export {
  type BreakerPolicy,
  type BudgetPolicy,
  type ConcurrencyPolicy,
  defaultTarget,
  type NetworkPolicy,
  type OutboundTarget,
  type OutboundTimeouts,
  type RatePolicy,
  type RedirectPolicy,
  type ResolvedTarget,
  type RetryPolicy,
  type SecretHeader,
  type TlsPolicy,
} from './outbound-target.js';
export { outboundTargetShape } from './outbound-target-shape.js';
export type { NameResolver } from './pinned-lookup.js';
export type { RecordedMessage } from './recorded-message.js';
export { type SecretPlaces, type SecretReference, type SecretSource, secretSource } from './secret-source.js';
export { type SentOnce, SingleSender, type SingleSenderPorts } from './single-sender.js';
