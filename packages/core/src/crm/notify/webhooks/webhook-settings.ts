import { z } from 'zod';
import { LmsError } from '../../../foundation/kernel/index.js';
import {
  type NetworkPolicy,
  type ResolvedTarget,
  resolvedTargets,
  type SecretReference,
} from '../../../foundation/outbound/index.js';

/** Where endpoints may be, and how they are told. What is left out has the value that is said here. */
export interface WebhookSettings {
  /** Beyond public addresses, by TLS, on port 443. */
  readonly network?: Partial<Omit<NetworkPolicy, 'hosts'>>;
  /** PEM of the authorities that are trusted instead of the machine's. */
  readonly authorities?: SecretReference;
  /** Endpoints at most; 50. */
  readonly mostEndpoints?: number;
  /** How long one try may take; 20,000. */
  readonly timeoutMillis?: number;
  /** Tries under way at once in a process; 100. */
  readonly concurrency?: number;
  /** Of them, to one endpoint; 20. */
  readonly endpointConcurrency?: number;
  /** An endpoint that failed for so many days is disabled; 5. */
  readonly disableAfterDays?: number;
  /** How long delivered events can be replayed; 7. */
  readonly keptDays?: number;
  /** How long those can be that were given up; 90. */
  readonly deadKeptDays?: number;
  /** How often a worker looks for new events and due deliveries; 1,000. */
  readonly pollMillis?: number;
}

export type CheckedWebhookSettings = Required<Omit<WebhookSettings, 'network' | 'authorities' | 'timeoutMillis'>> & {
  /** How endpoints are called. */
  readonly target: ResolvedTarget;
};

const days = z.int().min(1).max(3_650);

/** What settings may say, for configuration files and `createLms`; the network is checked by {@link webhookSettings}. */
export const webhookSettingsShape: z.ZodType<WebhookSettings> = z.strictObject({
  network: z
    .strictObject({
      allowInsecure: z.boolean().exactOptional(),
      ports: z.array(z.int().min(1).max(65_535)).min(1).max(20).exactOptional(),
      privateHosts: z.array(z.string().min(1).max(253)).max(100).exactOptional(),
      privateNetworks: z.array(z.string().min(1).max(64)).max(100).exactOptional(),
    })
    .exactOptional()
    .describe('Where endpoints may be, beyond public addresses by TLS on port 443'),
  authorities: z
    .union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })])
    .exactOptional()
    .describe("PEM of the authorities that are trusted instead of the machine's"),
  mostEndpoints: z.int().min(1).max(10_000).exactOptional().describe('Endpoints at most; default 50'),
  timeoutMillis: z.int().min(100).max(60_000).exactOptional().describe('How long one try may take; default 20000'),
  concurrency: z.int().min(1).max(1_000).exactOptional().describe('Tries at once in a process; default 100'),
  endpointConcurrency: z.int().min(1).max(500).exactOptional().describe('Of them, to one endpoint; default 20'),
  disableAfterDays: days.exactOptional().describe('An endpoint that failed so long is disabled; default 5'),
  keptDays: days.exactOptional().describe('How long delivered events can be replayed; default 7'),
  deadKeptDays: days.exactOptional().describe('How long those that were given up can be; default 90'),
  pollMillis: z.int().min(10).max(60_000).exactOptional().describe('How often a worker looks; default 1000'),
});

const defaults = {
  mostEndpoints: 50,
  concurrency: 100,
  endpointConcurrency: 20,
  disableAfterDays: 5,
  keptDays: 7,
  deadKeptDays: 90,
  pollMillis: 1_000,
};
const defaultTimeoutMillis = 20_000;
/** Nothing in an answer matters but its status. */
const mostAnswerBytes = 65_536;

/** @throws LmsError `CONFIG_INVALID`, which names each wrong place */
export function webhookSettings(given: WebhookSettings): CheckedWebhookSettings {
  const checked = webhookSettingsShape.safeParse(given);
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, code, message }) => ({
      path: ['webhooks', ...path.map(String)].join('.'),
      rule: code,
      message,
    }));
    throw LmsError.ofProblems('CONFIG_INVALID', 'the settings of webhooks are wrong', problems);
  }
  const { network, authorities, timeoutMillis = defaultTimeoutMillis, ...rest } = checked.data;
  return { ...defaults, ...rest, target: targetOf({ network, authorities, timeoutMillis }) };
}

function targetOf({
  network = {},
  authorities,
  timeoutMillis,
}: {
  readonly network: WebhookSettings['network'];
  readonly authorities: WebhookSettings['authorities'];
  readonly timeoutMillis: number;
}): ResolvedTarget {
  const target = resolvedTargets({
    targets: {
      webhooks: {
        network,
        timeouts: {
          connectMillis: Math.min(5_000, timeoutMillis),
          headersMillis: timeoutMillis,
          bodyMillis: timeoutMillis,
          totalMillis: timeoutMillis,
        },
        maxResponseBytes: mostAnswerBytes,
        redirects: { most: 0 },
        ...(authorities === undefined ? {} : { tls: { authorities } }),
      },
    },
  }).get('webhooks');
  if (target === undefined) throw new LmsError('INTERNAL', { message: 'the target of webhooks was not resolved' });
  return target;
}
