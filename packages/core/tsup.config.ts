import { defineConfig } from 'tsup';

/**
 * One entry for each path in the exports of package.json, under the name its file has in dist. The types come from tsconfig.build.json,
 * see docs/decisions/toolchain.md.
 */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    kernel: 'src/foundation/kernel/index.ts',
    fields: 'src/crm/fields/index.ts',
    'storage/sqlite': 'src/storage/sqlite.ts',
    'storage/hybrid': 'src/storage/hybrid.ts',
    'storage/mysql': 'src/storage/mysql.ts',
    'cache/redis': 'src/foundation/cache/redis/index.ts',
    'jobs/bullmq': 'src/foundation/jobs/bullmq/index.ts',
    'telemetry/opentelemetry': 'src/foundation/telemetry/opentelemetry/index.ts',
    // The program of a thread, started by its file name beside whatever chunk starts it.
    'row-thread': 'src/crm/imports/batches/row-thread.ts',
    conformance: 'src/conformance/index.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'node22.19',
  platform: 'node',
  splitting: true,
  clean: true,
  // Without this `node:sqlite` is written as `sqlite`, which does not exist.
  removeNodeProtocol: false,
});
