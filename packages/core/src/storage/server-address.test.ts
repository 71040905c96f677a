import { describe, expect, it } from 'vitest';
import { hasCode } from '../foundation/kernel/index.js';
import { answerWithin, requireTls } from './server-address.js';

describe('requireTls', () => {
  const link = { server: 'MySQL', hosts: ['127.0.0.1', 'db.example.test'], tls: false, allowInsecure: false } as const;

  it('refuses a link off this machine in the clear, naming the host and both ways out', () => {
    expect(() => requireTls(link)).toThrow(/db\.example\.test.*tls=true.*allowInsecure/);
  });

  it('lets TLS, an explicit yes, and loopback through', () => {
    requireTls({ ...link, tls: true });
    requireTls({ ...link, allowInsecure: true });
    requireTls({ ...link, hosts: ['localhost'] });
  });
});

describe('answerWithin', () => {
  it('gives the answer or the error that came in time', async () => {
    expect(await answerWithin(1000, 'a server', Promise.resolve(7))).toBe(7);
    await expect(answerWithin(1000, 'a server', Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('gives up with STORE_UNAVAILABLE', async () => {
    const error: unknown = await answerWithin(20, 'a server', new Promise(() => {})).catch((seen: unknown) => seen);
    expect(hasCode(error, 'STORE_UNAVAILABLE')).toBe(true);
  });
});
