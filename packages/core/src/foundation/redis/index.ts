export { type RedisAddress, type RedisServer, type RedisSource, redisAddress } from './redis-address.js';
export { loadIoredis, redisClient, within } from './redis-client.js';
export { RedisLink } from './redis-link.js';
export { redisPrefix } from './redis-prefix.js';
