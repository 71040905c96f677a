import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import type { Configuration } from './configuration.js';

/** Whoever is root may do everything anyway. */
const root = 0;
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

/**
 * That a configuration that names plugins is to be trusted like them.
 * @param file the configuration
 * @param isNamed whether somebody named it; one that was only found, here or in a folder above, must be this user's own, or root's
 * @throws LmsError `CONFIG_INVALID`
 */
export async function requireTrusted(
  { plugins = [] }: Pick<Configuration, 'plugins'>,
  { file, isNamed }: { readonly file: string; readonly isNamed: boolean },
): Promise<void> {
  if (plugins.length === 0) return;
  const { uid } = await requireOwn(file, 'plugins');
  const { getuid } = process;
  if (isNamed || getuid === undefined || uid === root || uid === getuid()) return;
  throw invalid(
    'plugins',
    `${file} is another user's and names plugins, which run with the keys of the store: name it with --config or LMS_CONFIG`,
  );
}

/** What it does is done with the master key, so it must be nobody's who happens to have an account here. */
async function requireOwn(file: string, place: string): Promise<{ readonly uid: number }> {
  const found = await stat(file).catch((cause: unknown) => {
    throw invalid(place, `${file} cannot be read: ${reasonOf(cause)}`, cause);
  });
  const isOpen = process.platform !== 'win32' && (found.mode & writableByAll) !== 0;
  if (isOpen) throw invalid(place, `${file} is run with the keys of the store, and everybody may write it: chmod o-w`);
  return found;
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
