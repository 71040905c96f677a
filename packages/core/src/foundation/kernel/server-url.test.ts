import { expect, it } from 'vitest';
import { LmsError } from './errors.js';
import { isLoopback, percentDecoded } from './server-url.js';

it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.1', '::1', '[::1]'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['db.example.test', '10.0.0.5', '127.0.0.1.example.test', 'localhost.example.test', '0.0.0.0'])(
  '%s is not this machine',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

it('reads percent signs, and refuses those that stand for nothing', () => {
  const refusal = (): LmsError => new LmsError('CONFIG_INVALID', { message: 'no URL' });
  expect(percentDecoded('p%40ss', refusal)).toBe('p@ss');
  expect(() => percentDecoded('p%zz', refusal)).toThrow('no URL');
});
