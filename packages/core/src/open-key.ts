import { existsSync } from 'node:fs';
import { LmsError, type RandomSource } from './foundation/kernel/index.js';
import { createKeyFile, type KeySource, keyFile, loadMasterKeys, MasterKeys } from './foundation/privacy/index.js';
import type { Storage } from './storage/storage.js';

/**
 * The master keys of an open store. A new embedded store without a key gets one, in its default key file.
 * @throws LmsError `KEY_MISSING`, `KEY_INVALID`
 */
export async function openMasterKeys(
  storage: Storage,
  sources: KeySource | readonly KeySource[] | undefined,
  random: RandomSource,
): Promise<MasterKeys> {
  if (sources !== undefined) return loadMasterKeys(sources);
  const path = storage.defaultKeyFile;
  if (path === null) {
    throw new LmsError('KEY_MISSING', {
      message: `${storage.label} needs its master key; give one with createLms({ key }), for example keyFile(path)`,
    });
  }
  if (existsSync(path)) return loadMasterKeys(keyFile(path));
  if ((await storage.storeKeys.find(null, 'lookup')) !== null) {
    throw new LmsError('KEY_MISSING', {
      message: `the master key of ${storage.label} is missing: expected it in ${path}; restore the file, as without it personal data cannot be read`,
      path,
    });
  }
  try {
    return new MasterKeys([await createKeyFile(path, random)]);
  } catch (error) {
    // Another process that opened the new store at the same moment may have made it.
    if (existsSync(path)) return loadMasterKeys(keyFile(path));
    throw error;
  }
}
