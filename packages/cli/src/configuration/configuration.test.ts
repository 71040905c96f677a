import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmsError } from '@lms/core/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseStore, readSecret } from './choose-store.js';
import { newConfiguration } from './configuration.js';
import { findConfiguration } from './find-configuration.js';
import { configurationJsonSchema } from './json-schema.js';
import { parseConfiguration, readConfiguration } from './read-configuration.js';
import { writeNewConfiguration } from './write-configuration.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-configuration-'));
});
afterAll(() => rm(folder, { recursive: true }));

function refusal(work: () => unknown): LmsError {
  try {
    work();
  } catch (error) {
    if (LmsError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

const parse = (value: unknown) => parseConfiguration(JSON.stringify(value), 'lms.config.json');

describe('lms.config.json', () => {
  it('accepts what lms init writes', () => {
    expect(parse(newConfiguration)).toEqual(newConfiguration);
  });

  it('names every wrong place', () => {
    const error = refusal(() => parse({ ...newConfiguration, version: 2, colour: 'red' }));
    expect(error.code).toBe('CONFIG_INVALID');
    const { problems } = error.details as { problems: { path: string }[] };
    expect(problems.map((problem) => problem.path)).toEqual(['version', '(top)']);
    expect(error.message).toContain('colour');
  });

  it.each([
    ['key', { ...newConfiguration, key: 'c2VjcmV0' }],
    ['stores.prod.mongo', { ...newConfiguration, stores: { ...newConfiguration.stores, prod: hybridWithSecret() } }],
  ])('refuses a secret written into %s, without repeating it', (path, value) => {
    const error = refusal(() => parse(value));
    expect(error.path).toContain(path.split('.')[0]);
    expect(error.message).not.toMatch(/c2VjcmV0|hunter2/);
    expect(JSON.stringify(error)).not.toMatch(/c2VjcmV0|hunter2/);
  });

  function hybridWithSecret(): unknown {
    return { kind: 'hybrid', mongo: 'mongodb://asha:hunter2@db', mysql: { env: 'MYSQL_URL' } };
  }

  it('refuses a default store that it does not have, hidden names of objects included', () => {
    expect(refusal(() => parse({ ...newConfiguration, defaultStore: 'test' })).message).toContain('"dev", "prod"');
    expect(refusal(() => parse({ ...newConfiguration, defaultStore: 'constructor' })).code).toBe('CONFIG_INVALID');
    const hostile =
      '{"version":1,"defaultStore":"dev","stores":{"__proto__":{"kind":"sqlite","file":"x"}},"key":{"file":"k"}}';
    expect(refusal(() => parseConfiguration(hostile, 'f')).code).toBe('CONFIG_INVALID');
  });

  it('says which kinds of store there are', () => {
    const stores = { dev: { kind: 'postgres', url: 'x' } };
    expect(refusal(() => parse({ ...newConfiguration, stores })).message).toMatch(
      /stores\.dev\.kind: .*sqlite.*mysql.*hybrid/,
    );
  });

  it('says that a file is not JSON', () => {
    expect(refusal(() => parseConfiguration('{ version: 1 }', 'here.json')).message).toContain('here.json is not JSON');
  });

  it('has a published JSON Schema that is current', () => {
    const published = readFileSync(new URL('../../schemas/lms.config.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(configurationJsonSchema())));
  });
});

describe('finding the configuration', () => {
  it('takes the flag, then LMS_CONFIG, then the nearest file upwards, then the user own', async () => {
    const inner = join(folder, 'find', 'inner');
    const own = join(folder, 'home', 'lms');
    await mkdir(inner, { recursive: true });
    await mkdir(own, { recursive: true });
    const environment = { XDG_CONFIG_HOME: join(folder, 'home') };
    expect(findConfiguration({ flag: undefined, environment, folder: inner })).toBeNull();
    await writeFile(join(own, 'lms.config.json'), '{}');
    expect(findConfiguration({ flag: undefined, environment, folder: inner })).toBe(join(own, 'lms.config.json'));
    await writeFile(join(folder, 'find', 'lms.config.json'), '{}');
    expect(findConfiguration({ flag: undefined, environment, folder: inner })).toBe(
      join(folder, 'find', 'lms.config.json'),
    );
    const named = { ...environment, LMS_CONFIG: '/etc/lms.json' };
    expect(findConfiguration({ flag: undefined, environment: named, folder: inner })).toBe('/etc/lms.json');
    expect(findConfiguration({ flag: '../x.json', environment: named, folder: inner })).toBe(
      join(folder, 'find', 'x.json'),
    );
  });

  it('says when the file is not there', async () => {
    await expect(readConfiguration(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
  });
});

describe('choosing a store', () => {
  const file = '/srv/lms/lms.config.json';

  it('takes the flag, then LMS_STORE, then the default', () => {
    const name = (flag: string | undefined, environment: NodeJS.ProcessEnv) =>
      chooseStore(newConfiguration, file, { flag, environment }).name;
    expect(name(undefined, {})).toBe('dev');
    expect(name(undefined, { LMS_STORE: 'prod' })).toBe('prod');
    expect(name('dev', { LMS_STORE: 'prod' })).toBe('dev');
  });

  it('names the stores there are when the name is wrong', () => {
    const error = refusal(() => chooseStore(newConfiguration, file, { flag: 'constructor', environment: {} }));
    expect(error).toMatchObject({ code: 'USAGE_INVALID', path: '--store' });
    expect(error.message).toContain('"dev", "prod"');
  });

  it('prefers the key of the store to the common one', () => {
    const own = { env: 'PROD_KEY' };
    const prod = { ...newConfiguration.stores['prod'], key: own } as const;
    const configuration = parse({ ...newConfiguration, stores: { ...newConfiguration.stores, prod } });
    expect(chooseStore(configuration, file, { flag: 'prod', environment: {} }).key).toEqual(own);
    expect(chooseStore(configuration, file, { flag: 'dev', environment: {} }).key).toEqual({ file: 'lms.key' });
  });

  it('takes several keys, at least one, and names the one that is none', () => {
    const key = [{ file: 'new.key' }, { env: 'OLD_KEY' }];
    const configuration = parse({ ...newConfiguration, key });
    expect(chooseStore(configuration, file, { flag: 'dev', environment: {} }).key).toEqual(key);
    for (const wrong of [[], [{ file: 'new.key' }, 'c2VjcmV0']]) {
      const refused = refusal(() => parse({ ...newConfiguration, key: wrong }));
      expect(refused).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('key') });
      expect(refused.message).not.toContain('c2VjcmV0');
    }
  });
});

describe('secrets by reference', () => {
  it('reads a variable or a file beside the configuration, and names what is missing', async () => {
    await writeFile(join(folder, 'url'), 'mongodb://localhost/lms\n');
    const options = { place: 'stores.prod.mongo', folder, environment: { MONGO_URL: 'mongodb://127.0.0.1/lms' } };
    expect(await readSecret({ env: 'MONGO_URL' }, options)).toBe('mongodb://127.0.0.1/lms');
    expect(await readSecret({ file: 'url' }, options)).toBe('mongodb://localhost/lms');
    await expect(readSecret({ env: 'NONE' }, options)).rejects.toMatchObject({ path: 'stores.prod.mongo' });
    await expect(readSecret({ env: 'NONE' }, options)).rejects.toThrow('NONE is not set');
    await expect(readSecret({ file: 'none' }, options)).rejects.toThrow(join(folder, 'none'));
  });
});

describe('writing the configuration', () => {
  it('writes once: of two callers one wins and the other leaves the file as it is', async () => {
    const file = join(folder, 'new', 'lms.config.json');
    const other = { ...newConfiguration, defaultStore: 'prod' };
    const wrote = await Promise.all([
      writeNewConfiguration(file, newConfiguration),
      writeNewConfiguration(file, other),
    ]);
    expect(wrote.filter(Boolean)).toHaveLength(1);
    expect(await readConfiguration(file)).toEqual(wrote[0] ? newConfiguration : other);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect(await readFile(file, 'utf8')).toMatch(/\n$/);
  });
});
