import { describe, expect, it } from 'vitest';
import { mongoLabel, mongoLink } from './mongo-source.js';

const options = { connectMillis: 100, poolSize: 1, allowInsecure: false };

describe('mongoLabel', () => {
  it('names servers and database without credentials or options', () => {
    const url = 'mongodb://lms:s3cret@db1.example.test:27017,db2.example.test/leads?replicaSet=rs0&tls=true';
    expect(mongoLabel({ url })).toBe('mongodb db1.example.test:27017,db2.example.test/leads');
    expect(mongoLabel({ url, database: 'other' })).toContain('/other');
    expect(mongoLabel({ url: 'mongodb+srv://lms:s3cret@cluster.example.test' })).toBe(
      'mongodb cluster.example.test/test',
    );
  });

  it.each([
    'mongodb://lms:p@s3cret@db.example.test/leads',
    'mongodb://lms:pa/s3cret@db.example.test/leads',
    'mongodb://lms:12/s3cret@db.example.test/leads',
    'mongodb://lms:12/?s3cret@db.example.test/leads',
    'mongodb://lms:p@a/s3cret@db.example.test/leads',
    'mongodb://lms:s3cret#@db.example.test/leads',
    'mongodb://lms:s3cret@db%zz.example.test/leads',
  ])('refuses %s, whose password it would show as a host', (url) => {
    expect(() => mongoLabel({ url })).toThrow(expect.objectContaining({ code: 'STORE_MISCONFIGURED' }));
    expect(() => mongoLabel({ url })).not.toThrow(/s3cret|lms:/);
  });

  it('does not repeat a URL that is none, as it may hold a password', () => {
    expect(() => mongoLabel({ url: 'mongo://lms:s3cret@host' })).toThrow(/expected mongodb:/);
    expect(() => mongoLabel({ url: 'mongo://lms:s3cret@host' })).not.toThrow(/s3cret/);
  });
});

describe('mongoLink', () => {
  it.each([
    'mongodb://lms:s3cret@db.example.test/leads',
    'mongodb://127.0.0.1,db.example.test/leads?tls=false',
    'mongodb+srv://cluster.example.test/leads?tls=false',
    'mongodb+srv://cluster.example.test/leads?TLS=false',
  ])('refuses %s: off the machine without TLS', async (url) => {
    const error: unknown = await mongoLink({ url }, options).catch((seen: unknown) => seen);
    expect(error).toMatchObject({ code: 'STORE_MISCONFIGURED', message: expect.stringContaining('tls=true') });
    expect(String(error)).not.toContain('s3cret');
  });

  it.each([
    { url: 'mongodb://db.example.test/leads?ssl=true' },
    { url: 'mongodb://127.0.0.1:1/leads' },
    { url: 'mongodb://%2Ftmp%2Fmongodb-27017.sock/leads' },
  ])('makes a client of its own for $url', async (source) => {
    const link = await mongoLink(source, options);
    expect(link.owned).toBe(true);
    await link.client.close();
  });

  it('allows what is said to be allowed', async () => {
    const link = await mongoLink({ url: 'mongodb://db.example.test/leads' }, { ...options, allowInsecure: true });
    await link.client.close();
  });
});
