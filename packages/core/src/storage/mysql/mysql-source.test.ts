import { createPool } from 'mysql2';
import { createPool as createPromisePool } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { mysqlLabel, mysqlLink } from './mysql-source.js';

const options = { connectMillis: 100, poolSize: 1, allowInsecure: false };

describe('mysqlLabel', () => {
  it('names server and database without credentials', () => {
    expect(mysqlLabel({ url: 'mysql://lms:s3cret@db.example.test:3307/leads?tls=true' })).toBe(
      'mysql db.example.test:3307/leads',
    );
  });

  it.each([
    'postgres://lms:s3cret@host/leads',
    'mysql://lms:s3cret@host',
    'not a url s3cret',
    'mysql://lms:12/s3cret@host',
    'mysql://lms:s3cret@host/le%zzads',
  ])('refuses %s without repeating it', (url) => {
    expect(() => mysqlLabel({ url })).toThrow(/expected mysql:/);
    expect(() => mysqlLabel({ url })).not.toThrow(/s3cret/);
  });
});

describe('mysqlLink', () => {
  it('refuses a link off the machine without TLS', async () => {
    const url = 'mysql://lms:s3cret@db.example.test/leads';
    const error: unknown = await mysqlLink({ url }, options).catch((seen: unknown) => seen);
    expect(error).toMatchObject({ code: 'STORE_MISCONFIGURED', message: expect.stringContaining('tls=true') });
    expect(String(error)).not.toContain('s3cret');
  });

  it.each([
    { host: 'db.example.test', verifyIdentity: true },
    { host: '10.0.0.5', verifyIdentity: false },
  ])('asks for a valid certificate of $host, for its name if it has one: $verifyIdentity', async (expected) => {
    const link = await mysqlLink({ url: `mysql://lms@${expected.host}/leads?tls=true` }, options);
    const ssl = { rejectUnauthorized: true, verifyIdentity: expected.verifyIdentity };
    expect(link.pool).toMatchObject({ config: { connectionConfig: { ssl } } });
    link.pool.end(() => undefined);
  });

  it('refuses a password that is not percent-encoded, without repeating it', async () => {
    const error: unknown = await mysqlLink({ url: 'mysql://lms:s3cret%@127.0.0.1/leads' }, options).catch(
      (seen: unknown) => seen,
    );
    expect(error).toMatchObject({ code: 'STORE_MISCONFIGURED' });
    expect(String(error)).not.toContain('s3cret');
  });

  it('takes a pool of mysql2 and leaves its ending to the caller', async () => {
    const pool = createPool({ host: '127.0.0.1' });
    expect(await mysqlLink({ pool }, options)).toEqual({ pool, owned: false });
    pool.end();
  });

  it('says which pool it needs when given the one of mysql2/promise', async () => {
    const pool = createPromisePool({ host: '127.0.0.1' });
    await expect(mysqlLink({ pool: Object.assign(pool) }, options)).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('mysql2/promise'),
    });
    await pool.end();
  });
});
