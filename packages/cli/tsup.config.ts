import { defineConfig } from 'tsup';
import { licencesOfBundled } from '../../scripts/licences-of-bundled.ts';

/**
 * One program with its libraries inside, but for those that package.json names as `dependencies`: finding and reading some 550
 * small files of libraries took longer than any command. The core comes from its sources, by the `paths` of tsconfig.json.
 */
export default defineConfig({
  entry: {
    bin: 'src/bin.ts',
    // The program of a thread of the core, which looks for it beside itself.
    'row-thread': '../core/src/crm/imports/batches/row-thread.ts',
  },
  format: 'esm',
  target: 'node22.19',
  platform: 'node',
  splitting: true,
  clean: true,
  // Without this `node:sqlite` is written as `sqlite`, which does not exist.
  removeNodeProtocol: false,
  noExternal: [/^@lms\/core/],
  // The product lines that `lms init` offers.
  loader: { '.yaml': 'text' },
  // What libraries in the old module form call to load modules of Node.js.
  banner: {
    js: "import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);",
  },
  esbuildPlugins: [licencesOfBundled],
});
