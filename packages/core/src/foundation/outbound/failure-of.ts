import { type ErrorCode, LmsError, systemCode } from '../kernel/index.js';
import type { Failure } from './try-result.js';

/** Thrown by the connector: whatever is behind it happened before any part of a request was sent. */
export class NotConnected extends Error {
  constructor(cause: unknown) {
    super('no connection was made', { cause });
  }
}

/** Thrown while a body is read: it is longer than it may be. */
export class BodyTooLarge extends Error {}

/** Codes of undici for what took too long. */
const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** Codes of undici for what was refused before it was sent. */
const unsentCodes: ReadonlySet<string> = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_INVALID_ARG']);

/** Codes of Node.js and OpenSSL for certificates and handshakes. */
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET)_|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Alerts by which the other side refuses our certificate. With TLS 1.3 they come after the handshake has ended for us, and still
 * before the other side reads any request.
 */
const refusedCertificate = /^ERR_SSL_.*ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/;

/** What a thrown error says of a try. */
export function failureOf(thrown: unknown, status: number | null = null): Failure {
  if (thrown instanceof BodyTooLarge) return failure('OUTBOUND_TOO_LARGE', thrown.message, { arrived: true, status });
  const connected = !(thrown instanceof NotConnected);
  const cause = connected ? thrown : thrown.cause;
  if (LmsError.isInstance(cause))
    return { ...failure(cause.code, cause.message, { arrived: connected, status }), cause };
  const code = systemCode(cause) ?? 'unknown';
  if (timeoutCodes.has(code)) return failure('OUTBOUND_TIMEOUT', waitedFor(code), { arrived: connected, status });
  if (refusedCertificate.test(code)) {
    return failure('OUTBOUND_UNTRUSTED', `the other side refuses our certificate (${code})`, {
      arrived: false,
      status,
    });
  }
  if (tlsCode.test(code) && !connected) {
    return failure('OUTBOUND_UNTRUSTED', `its certificate or handshake is not trusted (${code})`, {
      arrived: false,
      status,
    });
  }
  if (unsentCodes.has(code)) return failure('OUTBOUND_FAILED', `it was not sent (${code})`, { arrived: false, status });
  const what = connected ? 'the connection broke' : 'it cannot be reached';
  return failure('OUTBOUND_FAILED', `${what} (${code})`, { arrived: connected, status });
}

function failure(
  code: ErrorCode,
  reason: string,
  { arrived, status }: { readonly arrived: boolean; readonly status: number | null },
): Failure {
  return { kind: 'failed', code, reason, mayHaveArrived: arrived, status, cause: null };
}

function waitedFor(code: string): string {
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return 'it took too long to begin its answer';
  return code === 'UND_ERR_BODY_TIMEOUT' ? 'it stopped in the middle of its answer' : 'it took too long to connect';
}
