import { z } from 'zod';
import { checkInput, LmsError } from '../kernel/index.js';
import { isHeaderName, isHeaderValue } from './headers.js';
import type { ResolvedTarget } from './outbound-target.js';

export type OutboundMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** What a call is about: its record is sealed under the data key of that aggregate, and erased with it. */
export interface OutboundSubject {
  readonly kind: string;
  readonly id: string;
}

/** One call to another system. */
export interface OutboundRequest {
  /** The name of a target of the settings. */
  readonly target: string;
  /** What for, as a short word such as `bureau-pull`; listed and searched by. */
  readonly purpose: string;
  readonly method: OutboundMethod;
  /**
   * Under the target's base URL, with parameters in braces: `/applications/{reference}/status`. The record and the logs show it as
   * it stands here, so what is personal or secret belongs into `parameters` and `query`.
   */
  readonly path?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** A whole URL, for targets without a base URL. Of it the record shows the host alone. */
  readonly url?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** In lower case; besides those of the target, before which they go. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The same for every try; with it any method is tried again. */
  readonly idempotencyKey?: string;
  /**
   * Whether it may be sent again although it may have been carried out. When absent: with an idempotency key, and by methods that are meant
   * to be idempotent. False for a GET that does something, such as sending an SMS.
   */
  readonly repeatable?: boolean;
  readonly subject?: OutboundSubject;
  readonly correlationId?: string;
  readonly signal?: AbortSignal;
}

/** What came back. Every status is an answer, also 404 and 500. */
export interface OutboundResponse {
  /** Of the record of this call. */
  readonly exchangeId: string;
  readonly status: number;
  /** In lower case. Of a header that came several times, the values with commas between; cookies are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked; at most `maxResponseBytes` of the target. */
  readonly body: Uint8Array;
  /** From the call to its end, waiting and pauses included. */
  readonly durationMillis: number;
  /** How often the request was tried, tries that reached nobody included. */
  readonly attempts: number;
}

const most = 100;
const word = z.string().min(1).max(100);
const texts = (longest: number): z.ZodType<Readonly<Record<string, string>>> =>
  z
    .record(z.string().min(1).max(100), z.string().max(longest))
    .refine((given) => Object.keys(given).length <= most, { error: `expected at most ${most} of them` });

const requestShape: z.ZodType<OutboundRequest> = z
  .strictObject({
    target: word,
    purpose: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, { error: 'expected a short word such as bureau-pull' }),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    path: z
      .string()
      .max(2_000)
      .regex(/^\/[^?#\\\p{Cc}]*$/u, { error: 'expected a path that begins with a slash and has no query' })
      .exactOptional(),
    parameters: texts(2_000).exactOptional(),
    url: z.string().max(8_000).exactOptional(),
    query: texts(4_000).exactOptional(),
    headers: z
      .record(
        z.string().refine(isHeaderName, { error: 'expected the name of a header in lower case that callers may set' }),
        z.string().refine(isHeaderValue, { error: 'expected printable ASCII without line breaks' }),
      )
      .refine((given) => Object.keys(given).length <= most, { error: `expected at most ${most} headers` })
      .exactOptional(),
    body: z.union([z.string(), z.instanceof(Uint8Array)]).exactOptional(),
    idempotencyKey: z.string().min(1).max(255).refine(isHeaderValue).exactOptional(),
    repeatable: z.boolean().exactOptional(),
    subject: z.strictObject({ kind: word, id: word }).exactOptional(),
    correlationId: z
      .string()
      .regex(/^[\w.:-]{1,100}$/, { error: 'expected letters, digits and . : _ -' })
      .exactOptional(),
    signal: z.instanceof(AbortSignal).exactOptional(),
  })
  .refine(({ path, url }) => (path === undefined) !== (url === undefined), {
    error: 'expected either a path (under the base URL of the target) or a url',
  })
  .refine(({ method, body }) => body === undefined || (method !== 'GET' && method !== 'HEAD'), {
    error: 'GET and HEAD have no body',
  });

/** @throws LmsError `INPUT_INVALID` */
export function checkedRequest(request: OutboundRequest): OutboundRequest {
  return checkInput(requestShape, request, 'the call cannot be made');
}

/** @throws LmsError `LIMIT_EXCEEDED` */
export function requireBodyWithin({ body }: OutboundRequest, { name, maxRequestBytes }: ResolvedTarget): void {
  if (body === undefined || Buffer.byteLength(body) <= maxRequestBytes) return;
  throw new LmsError('LIMIT_EXCEEDED', {
    message: `the body is longer than the ${maxRequestBytes} bytes that target ${name} takes`,
    path: 'body',
  });
}

/**
 * The whole URL of a request; it still has to be allowed.
 * @throws LmsError `INPUT_INVALID` where a parameter is missing, or path and target do not fit
 */
export function urlOf(request: OutboundRequest, target: ResolvedTarget): string {
  const { path, url } = request;
  if (path !== undefined) {
    if (target.baseUrl === null) throw invalid(`target ${target.name} has no base URL, so the call names a whole url`);
    const base = target.baseUrl.replace(/\/+$/, '');
    const whole = base + filledIn(path, request.parameters ?? {});
    if (!isUnder(whole, base)) throw invalid('its path leads out of the base URL of the target');
    return withQuery(whole, request.query);
  }
  if (target.baseUrl !== null)
    throw invalid(`calls of target ${target.name} name a path under its base URL, not a url`);
  return withQuery(url ?? '', request.query);
}

/** What the record shows of the path. */
export function shownPathOf({ path }: OutboundRequest): string {
  return path ?? '/***';
}

/** Each parameter is one piece of the path: its slashes and dots lead nowhere else. */
function filledIn(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined || value === '') throw invalid(`the path needs the parameter ${name}`);
    if (/^\.{1,2}$/.test(value)) throw invalid(`the parameter ${name} leads to another path`);
    return encodeURIComponent(value.toWellFormed());
  });
}

/** After `..`, in every spelling, has been followed. */
function isUnder(url: string, base: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(base)) return false;
  return new URL(url).pathname.startsWith(`${new URL(base).pathname.replace(/\/+$/, '')}/`);
}

function withQuery(url: string, query: Readonly<Record<string, string>> | undefined): string {
  if (query === undefined || Object.keys(query).length === 0) return url;
  const added = new URLSearchParams(Object.entries(query)).toString();
  const [before = '', ...fragment] = url.split('#');
  const joined = `${before}${before.includes('?') ? '&' : '?'}${added}`;
  return [joined, ...fragment].join('#');
}

function invalid(message: string): LmsError {
  return new LmsError('INPUT_INVALID', { message: `the call cannot be made: ${message}` });
}
