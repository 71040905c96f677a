import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/**
 * Lets Node run the TypeScript sources as they are: `--import` this file. `.js` specifiers of this workspace find their
 * `.ts` file, and `@lms/core` its sources.
 */
const core = new URL('../../../core/src/', import.meta.url);
const entries: ReadonlyMap<string, string> = new Map([
  ['@lms/core', 'index.ts'],
  ['@lms/core/kernel', 'foundation/kernel/index.ts'],
  ['@lms/core/fields', 'crm/fields/index.ts'],
  ['@lms/core/storage/sqlite', 'storage/sqlite.ts'],
  ['@lms/core/storage/hybrid', 'storage/hybrid.ts'],
  ['@lms/core/cache/redis', 'foundation/cache/redis/index.ts'],
  ['@lms/core/jobs/bullmq', 'foundation/jobs/bullmq/index.ts'],
]);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const entry = entries.get(specifier);
    if (entry !== undefined) return nextResolve(new URL(entry, core).href, context);
    const parent = context.parentURL ?? '';
    if (specifier.startsWith('.') && specifier.endsWith('.js') && !parent.includes('/node_modules/')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), parent);
      if (existsSync(source)) return nextResolve(source.href, context);
    }
    return nextResolve(specifier, context);
  },
  // The build puts texts into the program.
  load(url, context, nextLoad) {
    if (!url.endsWith('.yaml')) return nextLoad(url, context);
    const source = `export default ${JSON.stringify(readFileSync(new URL(url), 'utf8'))}`;
    return { format: 'module', source, shortCircuit: true };
  },
});
