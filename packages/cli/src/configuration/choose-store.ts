import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LmsError } from '@lms/core/kernel';
import type { Configuration, KeyReference, SecretReference, StoreConfiguration } from './configuration.js';
import { listOf } from './read-configuration.js';

/** A store of a configuration file, chosen. */
export interface ChosenStore {
  readonly name: string;
  readonly store: StoreConfiguration;
  readonly key: KeyReference;
  /** Folder of the configuration file, which its relative paths start from. */
  readonly folder: string;
}

/** `--store`, else LMS_STORE, else the file's default. @throws LmsError `USAGE_INVALID` for a name it does not have */
export function chooseStore(
  configuration: Configuration,
  file: string,
  wanted: { readonly flag: string | undefined; readonly environment: NodeJS.ProcessEnv },
): ChosenStore {
  const name = wanted.flag ?? (wanted.environment['LMS_STORE'] || configuration.defaultStore);
  const store = Object.hasOwn(configuration.stores, name) ? configuration.stores[name] : undefined;
  if (store === undefined) {
    throw new LmsError('USAGE_INVALID', {
      message: `There is no store "${name}": ${file} has ${listOf(configuration)}`,
      path: '--store',
    });
  }
  return { name, store, key: store.key ?? configuration.key, folder: dirname(file) };
}

/**
 * The text behind a reference.
 * @throws LmsError `CONFIG_INVALID` naming the variable or file that is missing, and `place`, which refers to it
 */
export async function readSecret(
  reference: SecretReference,
  options: { readonly place: string; readonly folder: string; readonly environment: NodeJS.ProcessEnv },
): Promise<string> {
  if ('env' in reference) {
    const value = options.environment[reference.env];
    if (value !== undefined && value !== '') return value;
    throw new LmsError('CONFIG_INVALID', {
      message: `The environment variable ${reference.env} is not set, and ${options.place} is read from it`,
      path: options.place,
    });
  }
  const path = resolve(options.folder, reference.file);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const message = `${path} cannot be read, and ${options.place} is in it`;
    throw new LmsError('CONFIG_INVALID', { message, path: options.place, cause });
  }
}
