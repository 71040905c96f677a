import { LmsError } from '../kernel/index.js';

/** What every name in Redis begins with. @throws LmsError `CONFIG_INVALID` */
export function redisPrefix(prefix = 'lms'): string {
  if (/^[A-Za-z0-9_.-]{1,100}$/.test(prefix)) return prefix;
  const message = 'the prefix in Redis is not one; expected 1 to 100 letters, digits, points, dashes and underscores';
  throw new LmsError('CONFIG_INVALID', { message, path: 'redis.prefix' });
}
