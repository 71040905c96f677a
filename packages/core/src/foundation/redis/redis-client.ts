import type { Redis, RedisOptions } from 'ioredis';
import { inTime, loadOptional } from '../kernel/index.js';
import type { RedisAddress } from './redis-address.js';

const connectMillis = 2_000;
const longestPauseMillis = 2_000;

/** @throws LmsError `DRIVER_MISSING` */
export async function loadIoredis(): Promise<Pick<typeof import('ioredis'), 'Redis'>> {
  return loadOptional('ioredis', () => import('ioredis'));
}

/**
 * A client that connects with its first command, and again by itself for as long as it is not told to disconnect.
 * @param options when its commands give up
 */
export async function redisClient(
  { server, certificateAuthority }: RedisAddress,
  options: Pick<RedisOptions, 'autoResubscribe' | 'commandTimeout' | 'maxRetriesPerRequest'>,
): Promise<Redis> {
  const { Redis: Client } = await loadIoredis();
  const { host, port, username, password, database, tls } = server;
  const client = new Client({
    host,
    port,
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: certificateAuthority === null ? {} : { ca: certificateAuthority } } : {}),
    lazyConnect: true,
    connectTimeout: connectMillis,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), longestPauseMillis),
    ...options,
  });
  // Whoever waits for a command hears of it.
  client.on('error', () => undefined);
  return client;
}

/** What a failure of Redis is called: `ECONNREFUSED`, `WRONGPASS`, or its first words. */
export function redisProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.name === 'MaxRetriesPerRequestError') return 'no connection';
  return /^[A-Z]{3,}(?=\s)/.exec(error.message)?.[0] ?? error.message.slice(0, 80);
}

/** @throws Error when it takes longer; what comes of it then is not looked at */
export async function within<Result>(millis: number, work: Promise<Result>): Promise<Result> {
  return inTime(millis, work, () => new Error(`no answer within ${millis} ms`));
}
