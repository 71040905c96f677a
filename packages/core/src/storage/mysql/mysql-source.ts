import { isIP } from 'node:net';
import { LmsError, loadOptional, percentDecoded } from '../../foundation/kernel/index.js';
import { requireTls } from '../server-address.js';
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
  const { createPool } = await loadOptional('mysql2', () => import('mysql2'));
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

/** Beside those that units hold: turns hold one, a backup two, and what all of them wait for needs one to read. */
const leastBesideUnits = 4;

/** Beside those that units hold, mostly for reads outside them. */
function readConnections(poolSize: number): number {
  return Math.max(leastBesideUnits, Math.ceil(poolSize / 4));
}

/** How many units may hold a connection at once, so that a pool that was given has some left for what they wait for. */
export function unitsAtOnce(source: MysqlSource, poolSize: number): number {
  return Math.max(1, Math.min(poolSize, sizeOf(source) - leastBesideUnits));
}

/** @throws LmsError `STORE_MISCONFIGURED` for a pool that was given and is too small to work with */
export function requirePoolSize(source: MysqlSource, server: string): void {
  const size = sizeOf(source);
  if (size > leastBesideUnits) return;
  throw new LmsError('STORE_MISCONFIGURED', {
    message: `${server}: the pool gives ${size} connections at once; make it with connectionLimit: ${leastBesideUnits + 1} or more, as units, turns and backups hold some while they wait for another`,
    details: { setting: 'connectionLimit' },
  });
}

/** Of a pool that does not say, and of one that is made here, as many as are asked for. */
function sizeOf(source: MysqlSource): number {
  const limit = 'pool' in source ? source.pool.config?.connectionLimit : undefined;
  return limit === undefined || limit === 0 ? Number.POSITIVE_INFINITY : limit;
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
