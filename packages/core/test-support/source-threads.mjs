import { registerHooks } from 'node:module';

/**
 * Lets threads that tests start run the sources: Node strips the types, and here `./file.js` is found as `./file.ts`.
 * Preloaded by vitest.config.ts; threads inherit it.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isOfSources = context.parentURL?.endsWith('.ts') === true && specifier.startsWith('.');
    if (!isOfSources || !specifier.endsWith('.js')) return nextResolve(specifier, context);
    return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
  },
});
