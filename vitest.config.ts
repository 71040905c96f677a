import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./packages/core/src/${path}`, import.meta.url));

/** Unit tests read the sources, not the built files; the packed packages have tests of their own in scripts/. */
const alias = [
  { find: /^@lms\/core$/, replacement: source('index.ts') },
  { find: /^@lms\/core\/kernel$/, replacement: source('foundation/kernel/index.ts') },
  { find: /^@lms\/core\/fields$/, replacement: source('crm/fields/index.ts') },
  { find: /^@lms\/core\/storage\/sqlite$/, replacement: source('storage/sqlite.ts') },
  { find: /^@lms\/core\/storage\/hybrid$/, replacement: source('storage/hybrid.ts') },
  { find: /^@lms\/core\/conformance$/, replacement: source('conformance/index.ts') },
  { find: /^@lms\/core\/testing$/, replacement: source('testing/index.ts') },
];

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
