import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

const source = (path: string): string => fileURLToPath(new URL(`./packages/core/src/${path}`, import.meta.url));

/** Unit tests read the sources, not the built files; the packed packages have tests of their own in scripts/. */
const alias = [
  { find: /^@lms\/core$/, replacement: source('index.ts') },
  { find: /^@lms\/core\/kernel$/, replacement: source('foundation/kernel/index.ts') },
  { find: /^@lms\/core\/fields$/, replacement: source('crm/fields/index.ts') },
  { find: /^@lms\/core\/storage\/sqlite$/, replacement: source('storage/sqlite.ts') },
  { find: /^@lms\/core\/storage\/hybrid$/, replacement: source('storage/hybrid.ts') },
  { find: /^@lms\/core\/storage\/mysql$/, replacement: source('storage/mysql.ts') },
  { find: /^@lms\/core\/cache\/redis$/, replacement: source('foundation/cache/redis/index.ts') },
  { find: /^@lms\/core\/jobs\/bullmq$/, replacement: source('foundation/jobs/bullmq/index.ts') },
  {
    find: /^@lms\/core\/telemetry\/opentelemetry$/,
    replacement: source('foundation/telemetry/opentelemetry/index.ts'),
  },
  { find: /^@lms\/core\/conformance$/, replacement: source('conformance/index.ts') },
  { find: /^@lms\/core\/testing$/, replacement: source('testing/index.ts') },
];

/** The servers that `node scripts/servers up` left running, for a developer's single tests; `npm test` names its own. */
const addressFile = fileURLToPath(new URL('./.servers.env', import.meta.url));
const addresses = existsSync(addressFile) ? parseEnv(readFileSync(addressFile, 'utf8')) : {};
const isWithAddresses = process.env['MONGO_URL'] !== undefined || process.env['MYSQL_URL'] !== undefined;

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    env: isWithAddresses ? {} : addresses,
    execArgv: ['--import', fileURLToPath(new URL('./packages/core/test-support/source-threads.mjs', import.meta.url))],
    // Processes for many files each, one more than cores because tests also wait for servers and for programs they start. By default
    // a machine of two cores would run one file at a time, and every file would load the sources anew.
    maxWorkers: availableParallelism() + 1,
    isolate: false,
    setupFiles: [fileURLToPath(new URL('./scripts/unchanged-process.ts', import.meta.url))],
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
