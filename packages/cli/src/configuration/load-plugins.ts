import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '@lms/core';
import { LmsError } from '@lms/core/kernel';

/** Bits of the mode of a file that lets everybody write. */
const writableByAll = 0o002;

/**
 * The plugins that a configuration names: each a module with a plugin as its default export. What is in it is checked by `createLms`.
 * @param folder where relative paths start
 * @throws LmsError `CONFIG_INVALID` for a module that is missing, that everybody may write, that cannot be loaded, or that has no plugin
 */
export async function loadPlugins(paths: readonly string[], folder: string): Promise<readonly Plugin[]> {
  const plugins: Plugin[] = [];
  for (const [at, path] of paths.entries()) plugins.push(await loadPlugin(resolve(folder, path), `plugins.${at}`));
  return plugins;
}

async function loadPlugin(file: string, place: string): Promise<Plugin> {
  await requireOwn(file, place);
  let exported: unknown;
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    exported = module.default;
  } catch (cause) {
    throw invalid(place, `${file} cannot be loaded: ${reasonOf(cause)}`, cause);
  }
  if (!isPlugin(exported))
    throw invalid(place, `${file} has no plugin as its default export: export default { name: ... }`);
  return exported;
}

/** What it does is done with the master key, so it must be nobody's who happens to have an account here. */
async function requireOwn(file: string, place: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw invalid(place, `${file} cannot be read: ${reasonOf(cause)}`, cause);
  });
  const isOpen = process.platform !== 'win32' && (found.mode & writableByAll) !== 0;
  if (isOpen) throw invalid(place, `${file} is run with the keys of the store, and everybody may write it: chmod o-w`);
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && 'name' in value;
}

function invalid(path: string, message: string, cause?: unknown): LmsError {
  return new LmsError('CONFIG_INVALID', { message, path, ...(cause === undefined ? {} : { cause }) });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
