import { LmsError } from '../../foundation/kernel/index.js';
import { requireTls } from '../server-address.js';
import type { MongoClientHandle } from './mongo-handle.js';

/** Where the documents are: a URL, or a client that the caller keeps and closes. */
export type MongoSource =
  | {
      /** `mongodb://` or `mongodb+srv://`; the `mongodb` package is loaded when the store opens. */
      readonly url: string;
      /** The database; the one in the URL when absent. */
      readonly database?: string;
    }
  | { readonly client: MongoClientHandle; readonly database?: string };

export interface MongoLinkOptions {
  readonly connectMillis: number;
  readonly poolSize: number;
  readonly allowInsecure: boolean;
}

export interface MongoLink {
  readonly client: MongoClientHandle;
  /** True when LMS made the client and so closes it. */
  readonly owned: boolean;
}

interface UrlParts {
  readonly hosts: readonly string[];
  readonly database: string | null;
  readonly tls: boolean;
}

/** Makes the client; connects to nothing. @throws LmsError `DRIVER_MISSING`, `STORE_MISCONFIGURED` */
export async function mongoLink(source: MongoSource, options: MongoLinkOptions): Promise<MongoLink> {
  if ('client' in source) return { client: source.client, owned: false };
  const { hosts, tls } = urlParts(source.url);
  requireTls({ server: 'MongoDB', hosts: hosts.map(hostName), tls, allowInsecure: options.allowInsecure });
  const { MongoClient } = await loadDriver();
  const client = new MongoClient(source.url, {
    appName: 'lms',
    serverSelectionTimeoutMS: options.connectMillis,
    connectTimeoutMS: options.connectMillis,
    waitQueueTimeoutMS: options.connectMillis * 4,
    maxPoolSize: options.poolSize,
    retryReads: true,
    retryWrites: true,
  });
  return { client, owned: true };
}

/** The servers and the database without credentials. */
export function mongoLabel(source: MongoSource): string {
  if ('client' in source) return `mongodb client${source.database === undefined ? '' : ` / ${source.database}`}`;
  const { hosts, database } = urlParts(source.url);
  return `mongodb ${hosts.join(',')}/${source.database ?? database ?? 'test'}`;
}

/** @throws LmsError `STORE_MISCONFIGURED`; the message never holds the URL, which may hold a password */
function urlParts(url: string): UrlParts {
  const match =
    /^mongodb(?<srv>\+srv)?:\/\/(?:[^@/]*@)?(?<hosts>[^/?]+)(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/.exec(url);
  const hosts = match?.groups?.['hosts'];
  if (hosts === undefined) {
    throw new LmsError('STORE_MISCONFIGURED', {
      message: 'the MongoDB URL is not one; expected mongodb://host:27017/database?replicaSet=rs0',
    });
  }
  const query = new URLSearchParams(match?.groups?.['query'] ?? '');
  const tls = query.get('tls') ?? query.get('ssl');
  return {
    hosts: hosts.split(',').map(decodeURIComponent),
    database: match?.groups?.['database'] || null,
    tls: tls === null ? match?.groups?.['srv'] !== undefined : tls === 'true',
  };
}

function hostName(host: string): string {
  return host.startsWith('/') ? 'localhost' : host.replace(/:\d+$/, '');
}

async function loadDriver(): Promise<typeof import('mongodb')> {
  try {
    return await import('mongodb');
  } catch (cause) {
    throw new LmsError('DRIVER_MISSING', {
      message: 'the package "mongodb" is not installed; run: npm install mongodb',
      cause,
    });
  }
}
