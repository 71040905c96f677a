import { LmsError } from '../kernel/index.js';
import { readKeyText } from './key-text.js';
import type { KeySource } from './master-key.js';

/**
 * A master key from the value of an environment variable, as base64 or hexadecimal. The caller reads the variable; core
 * reads no environment.
 * @param name the variable's name, for messages
 * @throws LmsError (from `load`) `KEY_MISSING` when there is no value, `KEY_INVALID` when it is not a key
 */
export function keyFromEnvironmentValue(value: string | undefined, name = 'the environment variable'): KeySource {
  return {
    async load() {
      if (value === undefined || value.trim() === '') {
        throw new LmsError('KEY_MISSING', {
          message: `${name} is not set; set it to the master key of the store, 32 bytes as base64 or hexadecimal`,
          path: name,
        });
      }
      return readKeyText(value, name);
    },
  };
}
