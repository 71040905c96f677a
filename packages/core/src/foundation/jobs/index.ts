export { Coalescer } from './coalescer.js';
export { Dispatcher } from './dispatcher.js';
export { type DrainOptions, type DrainReport, Relay, type RelayPorts } from './relay.js';
export { relayFindings } from './relay-findings.js';
export { type HomeLag, longestLagMillis, type RelayHealth, relayHealth } from './relay-health.js';
