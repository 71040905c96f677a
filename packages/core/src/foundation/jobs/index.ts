export { Coalescer } from './coalescer.js';
export { Dispatcher } from './dispatcher.js';
export * from './queue/index.js';
export { Relay } from './relay.js';
export { relayFindings } from './relay-findings.js';
export { type HomeLag, type RelayHealth, relayHealth } from './relay-health.js';
export { errorCode } from './retry-plan.js';
export * from './schedules/index.js';
export * from './timers/index.js';
