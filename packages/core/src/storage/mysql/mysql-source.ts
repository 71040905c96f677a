import { isIP } from 'node:net';
import { LmsError } from '../../foundation/kernel/index.js';
import { percentDecoded, requireTls } from '../server-address.js';
import type { MysqlPoolHandle } from './mysql-handle.js';

/** Where the ledger is: a URL, or a pool that the caller keeps and ends. */
export type MysqlSource =
  | {
      /**
       * `mysql://user:password@host:3306/database`, with `?tls=true` off the machine: the server's certificate must then be
       * valid and for that host name (for an address in its place, valid). `mysql2` is loaded at open.
       */
      readonly url: string;
      /** Certificate authority in PEM, when the server's certificate is signed by one of your own. */
      readonly certificateAuthority?: string;
    }
  | { readonly pool: MysqlPoolHandle };

export interface MysqlLinkOptions {
  readonly connectMillis: number;
  /** Units at once. */
  readonly poolSize: number;
  readonly allowInsecure: boolean;
}

export interface MysqlLink {
  readonly pool: MysqlPoolHandle;
  /** True when LMS made the pool and so ends it. */
  readonly owned: boolean;
}

/** Makes the pool; connects to nothing. @throws LmsError `DRIVER_MISSING`, `STORE_MISCONFIGURED` */
export async function mysqlLink(source: MysqlSource, options: MysqlLinkOptions): Promise<MysqlLink> {
  if ('pool' in source) return { pool: callbackPool(source.pool), owned: false };
  const url = parseUrl(source.url);
  const tls = ['true', 'required'].includes(url.searchParams.get('tls') ?? url.searchParams.get('ssl') ?? '');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  requireTls({ server: 'MySQL', hosts: [host], tls, allowInsecure: options.allowInsecure });
  const { createPool } = await loadDriver();
  const connections = options.poolSize + readConnections(options.poolSize);
  const authority = source.certificateAuthority;
  const pool = createPool({
    host,
    port: url.port === '' ? 3306 : Number(url.port),
    user: percentDecoded(url.username, badUrl),
    password: percentDecoded(url.password, badUrl),
    database: databaseOf(url),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    connectTimeout: options.connectMillis,
    connectionLimit: connections,
    maxIdle: connections,
    idleTimeout: 60_000,
    enableKeepAlive: true,
    flags: ['FOUND_ROWS'],
    ...(tls
      ? { ssl: { ...(authority === undefined ? {} : { ca: authority }), verifyIdentity: isIP(host) === 0 } }
      : {}),
  });
  return { pool, owned: true };
}

/** Beside those that units hold, for reads outside them. */
function readConnections(poolSize: number): number {
  return Math.max(2, Math.ceil(poolSize / 4));
}

/** The server and the database without credentials. */
export function mysqlLabel(source: MysqlSource): string {
  if ('pool' in source) return 'mysql pool';
  const url = parseUrl(source.url);
  return `mysql ${url.host}/${databaseOf(url)}`;
}

/** @throws LmsError `STORE_MISCONFIGURED`; the message never holds the URL, which may hold a password */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['mysql:', 'mariadb:'].includes(url.protocol) || url.hostname === '') throw badUrl();
  return url;
}

function databaseOf(url: URL): string {
  const database = percentDecoded(url.pathname.slice(1), badUrl);
  // An @ here is the end of a password with a slash, which must not be shown as a name.
  if (database === '' || /[@/]/.test(database)) throw badUrl();
  return database;
}

function badUrl(): LmsError {
  return new LmsError('STORE_MISCONFIGURED', {
    message:
      'the MySQL URL is not one; expected mysql://user:password@host:3306/database, with signs in a password percent-encoded (@ as %40)',
  });
}

/** The pool of `mysql2/promise` wraps the one LMS needs. */
function callbackPool(pool: MysqlPoolHandle): MysqlPoolHandle {
  if (!('pool' in pool)) return pool;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: 'the MySQL pool is one of "mysql2/promise"; give the pool of "mysql2" (it is `pool.pool`)',
  });
}

async function loadDriver(): Promise<typeof import('mysql2')> {
  try {
    return await import('mysql2');
  } catch (cause) {
    throw new LmsError('DRIVER_MISSING', {
      message: 'the package "mysql2" is not installed; run: npm install mysql2',
      cause,
    });
  }
}
