export { type RedisAddress, type RedisServer, type RedisSource, redisAddress } from './redis-address.js';
export { loadIoredis, loadOptional, redisClient, redisProblem, within } from './redis-client.js';
