import { z } from 'zod';
import { LmsError, type Problem } from '../kernel/index.js';
import type { OutboundLog } from './outbound-log.js';
import { type OutboundTarget, type ResolvedTarget, resolveTarget } from './outbound-target.js';
import { outboundTargetShape } from './outbound-target-shape.js';
import type { SecretSource } from './secret-source.js';
import { allowedUrl } from './url-rules.js';

/** The other systems of a store, and what is kept of calls to them. */
export interface OutboundSettings {
  /** By name. */
  readonly targets?: Readonly<Record<string, OutboundTarget>>;
  /** Gives the secrets that targets refer to; without it files with absolute paths are read, and no variables. */
  readonly secrets?: SecretSource;
  readonly log?: OutboundLog;
  /** How much of each body is kept, sealed, in its record; 65,536 bytes when absent. */
  readonly recordedBytes?: number;
  /** How long records of calls are kept; 400 days when absent. */
  readonly recordsKeptDays?: number;
}

const settingsShape: z.ZodType<Pick<OutboundSettings, 'targets' | 'recordedBytes' | 'recordsKeptDays'>> = z.object({
  targets: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'expected a name such as acme-nbfc' }),
      outboundTargetShape,
    )
    .exactOptional(),
  recordedBytes: z.int().min(0).max(1_000_000).exactOptional(),
  recordsKeptDays: z.int().min(1).max(36_500).exactOptional(),
});

/** Every target with everything filled in, by name. @throws LmsError `CONFIG_INVALID`, which names each wrong place */
export function resolvedTargets(settings: OutboundSettings): ReadonlyMap<string, ResolvedTarget> {
  const checked = settingsShape.safeParse(settings);
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, code, message }) => ({
      path: ['outbound', ...path.map(String)].join('.'),
      rule: code,
      message,
    }));
    throw LmsError.ofProblems('CONFIG_INVALID', 'the outbound targets are wrong', problems);
  }
  const targets = Object.entries(settings.targets ?? {}).map(([name, target]) => resolveTarget(name, target));
  const problems = targets.flatMap((target) => [...baseUrlProblems(target), ...secretProblems(target)]);
  if (problems.length > 0) throw LmsError.ofProblems('CONFIG_INVALID', 'the outbound targets are wrong', problems);
  return new Map(targets.map((target) => [target.name, target]));
}

/** Secrets go to places that the settings name, never to whatever a request names. */
function secretProblems({ name, baseUrl, network, headers, tls }: ResolvedTarget): readonly Problem[] {
  const hasSecrets = tls.certificate !== undefined || Object.values(headers).some((value) => typeof value !== 'string');
  if (!hasSecrets || baseUrl !== null || network.hosts.length > 0) return [];
  const message = 'a target with secret headers or a certificate names where they may go: a baseUrl, or network.hosts';
  return [{ path: `outbound.targets.${name}`, rule: 'secrets-to-any-host', message }];
}

function baseUrlProblems({ name, baseUrl, network }: ResolvedTarget): readonly Problem[] {
  if (baseUrl === null) return [];
  const problem = (message: string): readonly Problem[] => [
    { path: `outbound.targets.${name}.baseUrl`, rule: 'not-allowed', message },
  ];
  try {
    allowedUrl(baseUrl, network);
    // Also an empty one: what is appended would become query or fragment.
    return !/[?#]/.test(baseUrl) ? [] : problem('expected no query and no fragment');
  } catch (error) {
    if (LmsError.isInstance(error)) return problem(error.message);
    throw error;
  }
}
