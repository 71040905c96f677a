import { isLoopback, LmsError, percentDecoded } from '../kernel/index.js';

/** A Redis server, told apart from its URL. */
export interface RedisServer {
  readonly host: string;
  /** 6379 when absent. */
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** 0 when absent. */
  readonly database?: number;
  readonly tls?: boolean;
}

/** Where Redis is: one server, of version 6.2 or later, by its URL or by its parts. */
export type RedisSource = {
  /** Certificate authority in PEM, when the server's certificate is signed by one of your own. */
  readonly certificateAuthority?: string;
  /** Reach a server off this machine without TLS, over a link that is safe otherwise. */
  readonly allowInsecure?: boolean;
} & (
  | {
      /** `redis://user:password@host:6379/0`; `rediss:` for TLS, which a server off this machine needs. */
      readonly url: string;
    }
  | { readonly connection: RedisServer }
);

export interface RedisAddress {
  readonly server: RedisServer & { readonly port: number; readonly database: number; readonly tls: boolean };
  readonly certificateAuthority: string | null;
  /** The server and the database without credentials. */
  readonly label: string;
}

/** @throws LmsError `CONFIG_INVALID`; the message never holds the URL, which may hold a password */
export function redisAddress(source: RedisSource): RedisAddress {
  const given = 'url' in source ? serverOf(source.url) : source.connection;
  const server = { ...given, port: given.port ?? 6_379, database: given.database ?? 0, tls: given.tls ?? false };
  requireNumber('port', server.port, 65_535);
  requireNumber('database', server.database, 100_000);
  if (!(server.tls || source.allowInsecure === true || isLoopback(server.host))) {
    throw invalid(
      `Redis at ${server.host} is reached without TLS; begin its URL with rediss: (or say tls: true), or say allowInsecure: true`,
    );
  }
  return {
    server,
    certificateAuthority: source.certificateAuthority ?? null,
    label: `redis ${server.host}:${server.port}/${server.database}`,
  };
}

function serverOf(text: string): RedisServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  const database = /^\/?(\d{1,6})?$/.exec(url?.pathname ?? '-');
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '' || database === null) {
    throw badUrl();
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(
      'the URL of Redis says more than it may after the number of its database; expected redis://user:password@host:6379/0',
    );
  }
  const [username, password] = [url.username, url.password].map((text) => percentDecoded(text, badUrl));
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    tls: url.protocol === 'rediss:',
    database: Number(database[1] ?? 0),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  };
}

function requireNumber(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw invalid(`the ${name} of Redis is ${value}; expected a whole number up to ${most}`);
}

function badUrl(): LmsError {
  return invalid(
    'the URL of Redis is not one; expected redis://user:password@host:6379/0 or rediss:// for TLS, with signs in a password percent-encoded (@ as %40)',
  );
}

function invalid(message: string): LmsError {
  return new LmsError('CONFIG_INVALID', { message, path: 'redis' });
}
