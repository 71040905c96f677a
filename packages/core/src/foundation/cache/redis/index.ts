/**
 * Tells other processes through Redis what they must no longer remember: `@lms/core/cache/redis`. Needs the package `ioredis`.
 *
 * @packageDocumentation
 */
export type { RedisServer, RedisSource } from '../../redis/index.js';
export type { ForgetListener, Invalidations } from '../invalidations.js';
export { type RedisInvalidationsOptions, redisInvalidations } from './redis-invalidations.js';
