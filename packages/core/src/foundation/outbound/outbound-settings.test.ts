import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLms } from '../../lms.js';
import { sqlite } from '../../storage/sqlite.js';
import { TestClock } from '../../testing/index.js';
import { resolvedTargets } from './outbound-settings.js';
import { defaultTarget } from './outbound-target.js';
import { keptShortly, secretSource } from './secret-source.js';

const baseUrl = 'https://api.lender.example/v2';

test('what a target leaves out has the values that are documented', () => {
  const target = resolvedTargets({ targets: { acme: { baseUrl, timeouts: { totalMillis: 5_000 } } } }).get('acme');
  expect(target).toEqual({
    ...defaultTarget,
    name: 'acme',
    baseUrl,
    timeouts: { ...defaultTarget.timeouts, totalMillis: 5_000 },
  });
});

test.each([
  [{ acme: { baseUrl: 'http://api.lender.example' } }, 'outbound.targets.acme.baseUrl'],
  [{ acme: { baseUrl: 'https://10.0.0.8/' } }, 'outbound.targets.acme.baseUrl'],
  [{ acme: { baseUrl: `${baseUrl}?key=1` } }, 'outbound.targets.acme.baseUrl'],
  [{ acme: { baseUrl: `${baseUrl}?` } }, 'outbound.targets.acme.baseUrl'],
  [{ acme: { baseUrl: `${baseUrl}#` } }, 'outbound.targets.acme.baseUrl'],
  [{ acme: { headers: { authorization: { secret: { env: 'T' } } } } }, 'outbound.targets.acme'],
  [{ acme: { tls: { certificate: { env: 'C' }, key: { env: 'K' } } } }, 'outbound.targets.acme'],
  [{ acme: { baseUrl, headers: { authorization: 'Bearer abc' } } }, 'outbound.targets.acme.headers'],
  [{ acme: { baseUrl, headers: { host: 'x' } } }, 'outbound.targets.acme.headers'],
  [{ acme: { baseUrl, timeouts: { totalMillis: 0 } } }, 'outbound.targets.acme.timeouts.totalMillis'],
  [{ acme: { baseUrl, retry: { attempts: 11 } } }, 'outbound.targets.acme.retry.attempts'],
  [
    { acme: { baseUrl, network: { privateNetworks: ['10.0.0.0'] } } },
    'outbound.targets.acme.network.privateNetworks.0',
  ],
  [{ acme: { baseUrl, tls: { key: { env: 'K' } } } }, 'outbound.targets.acme.tls'],
  [
    {
      acme: {
        baseUrl,
        budgets: [
          { per: 'day', limit: 1 },
          { per: 'day', limit: 2 },
        ],
      },
    },
    'outbound.targets.acme.budgets',
  ],
  [{ 'Acme NBFC': { baseUrl } }, 'outbound.targets'],
] as const)('refuses %j, naming %s', async (targets, path) => {
  const refusal = { code: 'CONFIG_INVALID', path: expect.stringContaining(path) };
  expect(() => resolvedTargets({ targets })).toThrow(expect.objectContaining(refusal));
  await expect(createLms({ storage: sqlite({ file: ':memory:' }), outbound: { targets } })).rejects.toMatchObject(
    refusal,
  );
});

test('a secret written where a reference belongs is not repeated by the refusal', () => {
  const targets = { acme: { baseUrl, headers: { 'x-api-key': 'hunter2' }, tls: { authorities: 'hunter2' } } };
  expect(() => Reflect.apply(resolvedTargets, null, [{ targets }])).toThrow(/^(?!.*hunter2).*secrets are referred to/s);
});

test('secrets come from variables that are given and from files, without the space around them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lms-secrets-'));
  await writeFile(join(folder, 'token'), ' abc \n');
  await writeFile(join(folder, 'empty'), '\n');
  const source = secretSource({ environment: { TOKEN: 'xyz\n' }, folder });
  expect(await source.read({ env: 'TOKEN' })).toBe('xyz');
  expect(await source.read({ file: 'token' })).toBe('abc');
  for (const reference of [{ env: 'OTHER' }, { env: 'constructor' }, { file: 'none' }, { file: 'empty' }]) {
    await expect(source.read(reference)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  }
  await rm(folder, { recursive: true });
});

test('a secret is kept half a minute, by many callers at once read once, and a failure is not kept', async () => {
  const clock = new TestClock('2026-01-31T04:30:00.000Z');
  let reads = 0;
  let value: string | null = null;
  const kept = keptShortly(
    {
      async read() {
        reads += 1;
        if (value === null) throw new Error('not there yet');
        return value;
      },
    },
    clock,
  );
  await expect(kept.read({ env: 'A' })).rejects.toThrow('not there yet');
  value = 'first';
  expect(await Promise.all([kept.read({ env: 'A' }), kept.read({ env: 'A' })])).toEqual(['first', 'first']);
  expect(reads).toBe(2);
  value = 'second';
  clock.advance('29s');
  expect(await kept.read({ env: 'A' })).toBe('first');
  clock.advance('1s');
  expect(await kept.read({ env: 'A' })).toBe('second');
});
