export * from './actor.js';
export * from './clock.js';
export { type ErrorCategory, type ErrorCode, errorCodes } from './error-codes.js';
export * from './errors.js';
export * from './events.js';
export * from './ids.js';
export * from './random.js';
export * from './system-clock.js';
