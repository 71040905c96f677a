import process from 'node:process';
import { runTool } from '../run-tool.ts';

/** Prints the URL of everything that importing one module resolves, built-in modules included, and the names it exports. */
const PROBE = `
  import { registerHooks } from 'node:module';
  const resolved = [];
  registerHooks({
    resolve(specifier, context, next) {
      const result = next(specifier, context);
      resolved.push(result.url);
      return result;
    },
  });
  const loaded = await import(process.argv[1]);
  console.log(JSON.stringify({ resolved, exported: Object.keys(loaded) }));
`;

export interface LoadedModules {
  /** URLs such as `file:///...` and `node:crypto`. */
  readonly resolved: readonly string[];
  readonly exported: readonly string[];
}

/** Imports a module in a process of its own, from the given project, and tells what that loaded. */
export async function loadedModules(project: string, specifier: string): Promise<LoadedModules> {
  const args = ['--input-type=module', '--eval', PROBE, specifier];
  return JSON.parse(await runTool({ program: process.execPath, args, folder: project }));
}

/** Whether a URL is of a package or built-in module of this name. */
export const isModuleOf = (name: string, url: string): boolean =>
  url === name || url.startsWith(`${name}/`) || url.includes(`/node_modules/${name}/`);
