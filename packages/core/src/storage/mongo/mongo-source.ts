import { LmsError, loadOptional, percentDecoded } from '../../foundation/kernel/index.js';
import { requireTls } from '../server-address.js';
import { storeError } from './mongo-errors.js';
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
  const { MongoClient } = await loadOptional('mongodb', () => import('mongodb'));
  const settings = {
    ...(namesApp(source.url) ? {} : { appName: 'lms' }),
    serverSelectionTimeoutMS: options.connectMillis,
    connectTimeoutMS: options.connectMillis,
    waitQueueTimeoutMS: options.connectMillis * 4,
    maxPoolSize: options.poolSize,
    retryReads: true,
    retryWrites: true,
  };
  try {
    return { client: new MongoClient(source.url, settings), owned: true };
  } catch (error) {
    throw storeError(error, mongoLabel(source));
  }
}

/** The servers and the database without credentials. */
export function mongoLabel(source: MongoSource): string {
  if ('client' in source) return `mongodb client${source.database === undefined ? '' : ` / ${source.database}`}`;
  const { hosts, database } = urlParts(source.url);
  return `mongodb ${hosts.join(',')}/${source.database ?? database ?? 'test'}`;
}

/** A password with `@`, `/`, `?` or `#` as they are would be read as a host, and shown: such a URL is none. */
const urlPattern =
  /^mongodb(?<srv>\+srv)?:\/\/(?<user>[^@/?#]*@)?(?<hosts>[^@/?#]+)(?:\/(?<database>[^@/?#]*))?(?:\?(?<query>[^#]*))?$/;

/** @throws LmsError `STORE_MISCONFIGURED`; the message never holds the URL, which may hold a password */
function urlParts(url: string): UrlParts {
  const { srv, user, hosts, database, query = '' } = urlPattern.exec(url)?.groups ?? {};
  if (hosts === undefined || (user === undefined && query.includes('@'))) throw badUrl();
  return {
    hosts: hosts.split(',').map((host) => percentDecoded(host, badUrl)),
    database: database || null,
    tls: isTlsAsked(new URLSearchParams(query), srv !== undefined),
  };
}

/** The driver would let ours win over that of the URL. */
function namesApp(url: string): boolean {
  return /[?&]appName=/i.test(url);
}

/** Names of options are the same in capitals to the driver. */
function isTlsAsked(query: URLSearchParams, byDefault: boolean): boolean {
  const said = [...query].filter(([name]) => /^(tls|ssl)$/i.test(name)).map(([, value]) => value);
  return said.length === 0 ? byDefault : said.every((value) => value === 'true');
}

function badUrl(): LmsError {
  return new LmsError('STORE_MISCONFIGURED', {
    message:
      'the MongoDB URL is not one; expected mongodb://host:27017/database?replicaSet=rs0, with signs in a password percent-encoded (@ as %40)',
  });
}

function hostName(host: string): string {
  return host.startsWith('/') ? 'localhost' : host.replace(/:\d+$/, '');
}
