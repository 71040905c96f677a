/**
 * Wakes workers of other machines through BullMQ on Redis: `@lms/core/jobs/bullmq`. Needs the packages `bullmq` and `ioredis`.
 *
 * @packageDocumentation
 */
export type { RedisServer, RedisSource } from '../../redis/index.js';
export type { WakeListener, Wakeup } from '../queue/wakeup.js';
export { type BullmqWakeupOptions, bullmqWakeup } from './bullmq-wakeup.js';
