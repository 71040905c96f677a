import {
  type ConsentSettings,
  consentSettingsShape,
  type NotifySettings,
  notifySettingsShape,
  type OutboundTarget,
  outboundTargetShape,
  type WebhookSettings,
  webhookSettingsShape,
} from '@lms/core';
import { type CurrencyCode, currencyCodes } from '@lms/core/kernel';
import { z } from 'zod';

/** Where a secret is, never the secret itself: a file (relative to the configuration file), or an environment variable. */
export type SecretReference = { readonly file: string } | { readonly env: string };

/** The master key; of several the first wraps, and every one opens. */
export type KeyReference = SecretReference | readonly SecretReference[];

/** One file on this machine. */
export interface SqliteStore {
  readonly kind: 'sqlite';
  /** Relative to the configuration file. */
  readonly file: string;
  readonly key?: KeyReference;
}

/** Documents in MongoDB, the ledger in MySQL; the references give their URLs. */
export interface HybridStore {
  readonly kind: 'hybrid';
  readonly mongo: SecretReference;
  readonly mysql: SecretReference;
  /** Lets connections leave this machine without TLS. */
  readonly allowInsecure?: boolean;
  readonly key?: KeyReference;
}

/** Everything in one MySQL or MariaDB. */
export interface MysqlStore {
  readonly kind: 'mysql';
  readonly mysql: SecretReference;
  /** Lets connections leave this machine without TLS. */
  readonly allowInsecure?: boolean;
  readonly key?: KeyReference;
}

export type StoreConfiguration = SqliteStore | MysqlStore | HybridStore;

/** `lms.config.json`. */
export interface Configuration {
  readonly $schema?: string;
  readonly version: 1;
  /** The store that is used when `--store` names none. */
  readonly defaultStore: string;
  readonly stores: Readonly<Record<string, StoreConfiguration>>;
  /** The master key of every store that has no `key` of its own. */
  readonly key: KeyReference;
  /** IANA zone: decides months of lead numbers, days of reports, and times without an offset. */
  readonly businessTimeZone?: string;
  /** ISO 4217; one a store, fixed once it holds money. */
  readonly currency?: CurrencyCode;
  readonly backups?: {
    /** How old the last backup may be before `lms doctor` fails, such as `26h`. */
    readonly warnAfter?: string;
  };
  readonly consents?: ConsentSettings;
  readonly outbound?: {
    /** Other systems by name, each with the policy by which it is called. */
    readonly targets?: Readonly<Record<string, OutboundTarget>>;
    /** How long records of calls are kept. */
    readonly recordsKeptDays?: number;
  };
  /** Where receivers outside may be that are told of events, and how they are told. */
  readonly webhooks?: WebhookSettings;
  /** By what people are told of events. */
  readonly notify?: NotifySettings;
  /** Modules, relative to this file: each has a plugin as its default export. They are run with the keys of the store. */
  readonly plugins?: readonly string[];
}

const secretReference: z.ZodType<SecretReference> = z.union([
  z.strictObject({ file: z.string().min(1).describe('A file, relative to this one') }),
  z.strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .describe('The name of an environment variable'),
  }),
]);

const keyReference: z.ZodType<KeyReference> = z.union([secretReference, z.array(secretReference).min(1).max(8)]);

const sqliteStore = z.strictObject({
  kind: z.literal('sqlite'),
  file: z.string().min(1).describe('The database file, relative to this one'),
  key: keyReference.exactOptional(),
});

const mysqlUrl = secretReference.describe('The MySQL URL, naming the database');
const allowInsecure = z.boolean().exactOptional().describe('Lets connections leave this machine without TLS');

const mysqlStore = z.strictObject({
  kind: z.literal('mysql'),
  mysql: mysqlUrl,
  allowInsecure,
  key: keyReference.exactOptional(),
});

const hybridStore = z.strictObject({
  kind: z.literal('hybrid'),
  mongo: secretReference.describe('The MongoDB URL, naming replica set and database'),
  mysql: mysqlUrl,
  allowInsecure,
  key: keyReference.exactOptional(),
});

/** The shape of `lms.config.json`; its published JSON Schema is made from this. */
export const configurationSchema: z.ZodType<Configuration> = z
  .strictObject({
    $schema: z.string().exactOptional(),
    version: z.literal(1),
    defaultStore: z.string().describe('A name under "stores"'),
    stores: z.record(
      z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
      z.discriminatedUnion('kind', [sqliteStore, mysqlStore, hybridStore]),
    ),
    key: keyReference.describe(
      'The master key that seals personal data; of several the first wraps, and every one opens',
    ),
    businessTimeZone: z.string().exactOptional().describe('IANA zone; default Asia/Kolkata'),
    currency: z.enum(currencyCodes).exactOptional().describe('ISO 4217 code; default INR'),
    backups: z
      .strictObject({
        warnAfter: z
          .string()
          .regex(/^[1-9]\d{0,8}[smhd]$/, { error: 'expected a span of time such as 26h' })
          .exactOptional()
          .describe('How old the last backup may be before lms doctor fails: 26h for a nightly one'),
      })
      .exactOptional(),
    consents: consentSettingsShape.exactOptional().describe('For what people can consent, besides the usual'),
    outbound: z
      .strictObject({
        targets: z
          .record(z.string(), outboundTargetShape)
          .exactOptional()
          .describe('Other systems that are called, by name'),
        recordsKeptDays: z
          .int()
          .min(1)
          .max(36_500)
          .exactOptional()
          .describe('How long records of calls are kept; default 400'),
      })
      .exactOptional(),
    webhooks: webhookSettingsShape.exactOptional().describe('Receivers outside that are told of events'),
    notify: notifySettingsShape.exactOptional().describe('By what people are told of events'),
    plugins: z
      .array(z.string().min(1).describe('A module, relative to this file, with a plugin as its default export'))
      .max(50)
      .exactOptional()
      .describe('Guards, consumers and jobs of your own'),
  })
  .meta({ title: 'lms.config.json', description: 'Where the lms command finds its stores. Holds no secret.' });

/** What `lms init` writes into an empty folder. */
export const newConfiguration: Configuration = {
  version: 1,
  defaultStore: 'dev',
  stores: {
    dev: { kind: 'sqlite', file: 'lms.db' },
    prod: { kind: 'hybrid', mongo: { env: 'MONGO_URL' }, mysql: { env: 'MYSQL_URL' } },
  },
  key: { file: 'lms.key' },
  businessTimeZone: 'Asia/Kolkata',
  currency: 'INR',
};
