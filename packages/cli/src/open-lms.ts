import { resolve } from 'node:path';
import { inspect } from 'node:util';
import {
  type ConsumerErrorListener,
  createLms,
  type JobSettings,
  type KeySource,
  keyFile,
  keyFromEnvironmentValue,
  type Lms,
  type LmsOptions,
  maskText,
  type Storage,
  secretSource,
} from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import {
  type ChosenStore,
  type Configuration,
  chooseStore,
  configurationFileName,
  findConfiguration,
  type KeyReference,
  loadPlugins,
  namedConfiguration,
  readConfiguration,
  readSecret,
  requireTrusted,
  type SecretReference,
} from './configuration/index.js';
import type { Console } from './console.js';
import { logTelemetry } from './log-telemetry.js';
import { type Output, printableLines } from './output/index.js';

/** What decides which store is meant, and who is told of jobs that fail here. */
export type Surroundings = Pick<Console, 'options' | 'environment'> & Partial<Pick<Console, 'output'>>;

/** A store, chosen and not yet connected to. */
export interface OpenLms {
  readonly lms: Lms;
  /** The store for people: the file, or the servers without credentials. */
  readonly label: string;
  readonly configuration: Configuration;
  readonly chosen: ChosenStore;
}

/**
 * What the configuration and the flags name; connects to nothing yet.
 * @throws LmsError `CONFIG_NOT_FOUND`, `CONFIG_INVALID`, `USAGE_INVALID` for a store that is not there
 */
export async function openLms(console: Surroundings): Promise<OpenLms> {
  const { configuration, file } = await findAndRead(console);
  const chosen = chooseStore(configuration, file, { flag: console.options.store, environment: console.environment });
  const { options, environment, output } = console;
  const isNamed = namedConfiguration({ flag: options.config, environment }) !== null;
  await requireTrusted(configuration, { file, isNamed });
  const opened = await lmsOf(configuration, chosen, environment, { redis: options.redis, output });
  return { ...opened, configuration, chosen };
}

/** The store that the configuration and the flags name, without its services; connects to nothing yet. @throws as {@link openLms} */
export async function openStorage(
  console: Surroundings,
): Promise<{ readonly storage: Storage; readonly chosen: ChosenStore }> {
  const { configuration, file } = await findAndRead(console);
  const chosen = chooseStore(configuration, file, { flag: console.options.store, environment: console.environment });
  return { storage: await storageOf(chosen, console.environment), chosen };
}

export async function findAndRead({
  options,
  environment,
}: Surroundings): Promise<{ readonly configuration: Configuration; readonly file: string }> {
  const file = findConfiguration({ flag: options.config, environment, folder: process.cwd() });
  if (file === null) {
    const message = `There is no ${configurationFileName} here, above, or in your own configuration`;
    throw new LmsError('CONFIG_NOT_FOUND', { message });
  }
  return { configuration: await readConfiguration(file), file };
}

export async function lmsOf(
  configuration: Configuration,
  chosen: ChosenStore,
  environment: NodeJS.ProcessEnv,
  { redis, output }: { readonly redis?: string | undefined; readonly output?: Output | undefined } = {},
): Promise<Pick<OpenLms, 'lms' | 'label'>> {
  const { businessTimeZone, currency, backups, consents, outbound = {}, webhooks, notify } = configuration;
  const plugins = await loadPlugins(configuration.plugins ?? [], chosen.folder);
  const storage = await storageOf(chosen, environment);
  const { jobs, ...links } = await redisOf(environment, redis);
  const log = await logTelemetry(environment);
  const lms = await createLms({
    storage,
    key: keySourcesOf(chosen.key, { folder: chosen.folder, environment }),
    ...(businessTimeZone === undefined ? {} : { businessTimeZone }),
    ...(currency === undefined ? {} : { currency }),
    ...(backups === undefined ? {} : { backups }),
    ...(consents === undefined ? {} : { consents }),
    ...(webhooks === undefined ? {} : { webhooks }),
    ...(notify === undefined ? {} : { notify }),
    outbound: { ...outbound, secrets: secretSource({ environment, folder: chosen.folder }) },
    ...links,
    ...log,
    plugins,
    jobs: { ...jobs, ...(output === undefined ? {} : { onError: tellOfJobs(output) }) },
    ...(output === undefined ? {} : { events: { onError: tellOfConsumers(output) } }),
  });
  return { lms, label: storage.label };
}

/** The job keeps the code of an error alone; the rest is told where it runs. */
function tellOfJobs(output: Output): NonNullable<JobSettings['onError']> {
  return (error, { job }) => tellOf(output, `A try of ${job.kind} ${job.id} failed`, error);
}

/** So does a consumer. */
function tellOfConsumers(output: Output): ConsumerErrorListener {
  return (error, { consumer, events: [event] }) =>
    tellOf(output, `The consumer ${consumer} failed at event ${event?.position}`, error);
}

function tellOf(output: Output, what: string, error: unknown): void {
  const reason = maskText(LmsError.isInstance(error) ? `${error.code}: ${error.message}` : inspect(error));
  output.warn(printableLines(`${what}: ${reason}`).join('\n'));
}

/** @param redis the URL of a flag, which goes before that of the environment. @throws LmsError `CONFIG_INVALID` */
async function redisOf(
  { LMS_REDIS_URL, LMS_REDIS_PREFIX: prefix }: NodeJS.ProcessEnv,
  redis: string | undefined,
): Promise<Pick<LmsOptions, 'invalidations' | 'jobs'>> {
  const url = redis ?? LMS_REDIS_URL;
  if (!url) return {};
  const [{ redisInvalidations }, { bullmqWakeup }] = await Promise.all([
    import('@lms/core/cache/redis'),
    import('@lms/core/jobs/bullmq'),
  ]);
  const options = { url, ...(prefix ? { prefix } : {}) };
  return {
    invalidations: loadingLate(redisInvalidations(options)),
    jobs: { wakeup: loadingLate(bullmqWakeup(options)) },
  };
}

/**
 * Opening loads the package, to show where it is missing, which cannot be here: that takes a third of the time of most commands, and these
 * have nothing to tell. It is loaded with the first thing to tell or to hear all the same.
 */
function loadingLate<Port extends { open(): Promise<void> }>(port: Port): Port {
  port.open = async () => undefined;
  return port;
}

async function storageOf({ name, store, folder }: ChosenStore, environment: NodeJS.ProcessEnv): Promise<Storage> {
  if (store.kind === 'sqlite') {
    const { sqlite } = await import('@lms/core/storage/sqlite');
    return sqlite({ file: resolve(folder, store.file) });
  }
  const secret = (part: 'mongo' | 'mysql', reference: SecretReference): Promise<string> =>
    readSecret(reference, { place: `stores.${name}.${part}`, folder, environment });
  const secure = store.allowInsecure === undefined ? {} : { allowInsecure: store.allowInsecure };
  if (store.kind === 'mysql') {
    const [{ mysql }, url] = await Promise.all([import('@lms/core/storage/mysql'), secret('mysql', store.mysql)]);
    return mysql({ url, ...secure });
  }
  const [{ hybrid }, mongoUrl, mysqlUrl] = await Promise.all([
    import('@lms/core/storage/hybrid'),
    secret('mongo', store.mongo),
    secret('mysql', store.mysql),
  ]);
  return hybrid({ mongo: { url: mongoUrl }, mysql: { url: mysqlUrl }, ...secure });
}

interface SecretPlace {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

function keySourcesOf(key: KeyReference, place: SecretPlace): KeySource | readonly KeySource[] {
  return isOne(key) ? keySourceOf(key, place) : key.map((each) => keySourceOf(each, place));
}

function isOne(key: KeyReference): key is SecretReference {
  return !Array.isArray(key);
}

function keySourceOf(reference: SecretReference, { folder, environment }: SecretPlace): KeySource {
  if ('file' in reference) return keyFile(resolve(folder, reference.file));
  return keyFromEnvironmentValue(environment[reference.env], reference.env);
}
