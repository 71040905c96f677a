import { z } from 'zod';
import { isNetwork } from './address-rules.js';
import { isHeaderName, isHeaderValue } from './headers.js';
import type { OutboundTarget, SecretHeader } from './outbound-target.js';
import type { SecretReference } from './secret-source.js';

const minute = 60_000;
const millis = (most: number): z.ZodNumber => z.int().min(1).max(most);
const count = (most: number): z.ZodNumber => z.int().min(0).max(most);
const host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9._:-]*[a-z0-9:]$/, {
    error: 'expected a host in lower case, without scheme, port or a dot at the end',
  });

const secretReference: z.ZodType<SecretReference> = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  { error: 'expected { "env": "NAME" } or { "file": "PATH" }: secrets are referred to, never written here' },
);

const headerName = z.string().refine(isHeaderName, { error: 'expected the name of a header in lower case' });
const headerValue = z.string().refine(isHeaderValue, { error: 'expected printable ASCII without line breaks' });
const secretHeader: z.ZodType<SecretHeader> = z.strictObject({
  secret: secretReference,
  prefix: headerValue.exactOptional(),
});

/** Headers by which callers show who they are: their values are secrets, so they are referred to. */
const credentialHeader =
  /^(authorization|cookie|proxy-authorization)$|(^|-)(auth|key|password|secret|signature|token)$/;

const headers: z.ZodType<Readonly<Record<string, string | SecretHeader>>> = z
  .record(headerName, z.union([headerValue, secretHeader]))
  .refine((given) => Object.entries(given).every(([name, value]) => typeof value !== 'string' || !isCredential(name)), {
    error: 'headers that carry a credential are given as { "secret": { "env": "NAME" } }',
  });

/** Whether the name of a header says that its value is a credential. */
export function isCredential(name: string): boolean {
  return credentialHeader.test(name) && name !== 'idempotency-key';
}

/** What a target may say, for configuration files and `createLms`. */
export const outboundTargetShape: z.ZodType<OutboundTarget> = z.strictObject({
  baseUrl: z.string().min(1).max(2_000).exactOptional(),
  headers: headers.exactOptional(),
  network: z
    .strictObject({
      allowInsecure: z.boolean().exactOptional(),
      ports: z.array(z.int().min(1).max(65_535)).min(1).max(20).exactOptional(),
      privateHosts: z.array(host).max(100).exactOptional(),
      privateNetworks: z
        .array(z.string().refine(isNetwork, { error: 'expected a network such as 10.20.0.0/16' }))
        .max(100)
        .exactOptional(),
      hosts: z.array(host).max(100).exactOptional(),
    })
    .exactOptional(),
  timeouts: z
    .strictObject({
      connectMillis: millis(minute).exactOptional(),
      headersMillis: millis(5 * minute).exactOptional(),
      bodyMillis: millis(5 * minute).exactOptional(),
      totalMillis: millis(10 * minute).exactOptional(),
    })
    .exactOptional(),
  retry: z
    .strictObject({
      attempts: z.int().min(1).max(10).exactOptional(),
      firstPauseMillis: millis(minute).exactOptional(),
      longestPauseMillis: millis(5 * minute).exactOptional(),
      longestRetryAfterMillis: count(10 * minute).exactOptional(),
    })
    .exactOptional(),
  breaker: z
    .strictObject({
      windowMillis: z
        .int()
        .min(1_000)
        .max(60 * minute)
        .exactOptional(),
      minimumCalls: z.int().min(1).max(10_000).exactOptional(),
      failureRatio: z.number().gt(0).max(1).exactOptional(),
      openMillis: millis(60 * minute).exactOptional(),
    })
    .exactOptional(),
  rate: z.strictObject({ perSecond: z.number().gt(0).max(10_000), burst: z.int().min(1).max(10_000) }).exactOptional(),
  concurrency: z
    .strictObject({ calls: z.int().min(1).max(1_000).exactOptional(), waiting: count(10_000).exactOptional() })
    .exactOptional(),
  budgets: z
    .array(z.strictObject({ per: z.enum(['day', 'month']), limit: count(Number.MAX_SAFE_INTEGER) }))
    .max(2)
    .refine((given) => new Set(given.map(({ per }) => per)).size === given.length, {
      error: 'expected at most one budget a day and one a month',
    })
    .exactOptional(),
  cost: z.int().min(1).max(1_000_000_000).exactOptional(),
  maxRequestBytes: z.int().min(0).max(50_000_000).exactOptional(),
  maxResponseBytes: z.int().min(0).max(100_000_000).exactOptional(),
  redirects: z.strictObject({ most: count(10).exactOptional() }).exactOptional(),
  tls: z
    .strictObject({
      authorities: secretReference.exactOptional(),
      certificate: secretReference.exactOptional(),
      key: secretReference.exactOptional(),
    })
    .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
      error: 'a certificate needs its key, and a key its certificate',
    })
    .exactOptional(),
  idempotencyHeader: headerName.exactOptional(),
});
