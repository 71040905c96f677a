import { readFileSync } from 'node:fs';
import { inWorkspace } from '../workspace.ts';

/** What only its own entry point may load: optional peers, what few need, and what is built in but still experimental in places. */
const drivers = ['mongodb', 'mysql2', 'bullmq', 'ioredis', '@opentelemetry/api', 'node:sqlite'] as const;

/** What an entry point of @lms/core may load besides plain dependencies. */
export interface EntryPoint {
  /** As it is imported: `@lms/core/kernel`. */
  readonly specifier: string;
  /** What it may not load. */
  readonly forbidden: readonly string[];
  /** Whether it also loads in a browser, so names nothing built into Node.js. */
  readonly isForBrowsers: boolean;
}

/** The entries that have a driver of their own. */
const ownDrivers: Readonly<Record<string, readonly string[]>> = {
  './storage/sqlite': ['node:sqlite'],
  './storage/hybrid': ['mongodb', 'mysql2'],
  './storage/mysql': ['mysql2'],
  './cache/redis': ['ioredis'],
  './jobs/bullmq': ['bullmq', 'ioredis'],
  './telemetry/opentelemetry': ['@opentelemetry/api'],
  './testing': ['node:sqlite'],
};

const browserEntries: readonly string[] = ['./kernel', './fields', './lending', './kyc'];

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Every entry point that the manifest of @lms/core names. */
export function entryPoints(): readonly EntryPoint[] {
  const manifest: Manifest = JSON.parse(readFileSync(inWorkspace('packages/core/package.json'), 'utf8'));
  return Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => ({
      specifier: `@lms/core${path.slice(1)}`,
      forbidden: drivers.filter((driver) => !ownDrivers[path]?.includes(driver)),
      isForBrowsers: browserEntries.includes(path),
    }));
}
