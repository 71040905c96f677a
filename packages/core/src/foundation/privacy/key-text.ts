import { LmsError } from '../kernel/index.js';
import { type MasterKey, masterKeyLength, masterKeyOf } from './master-key.js';

const hexadecimal = /^[0-9a-fA-F]{64}$/;
const base64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Reads a master key written as 64 hexadecimal digits or as base64 (also the URL alphabet) of 32 bytes; white space around
 * it is ignored.
 * @param origin where the text comes from, for messages; the text itself is never shown
 * @throws LmsError `KEY_INVALID`
 */
export function readKeyText(text: string, origin: string): MasterKey {
  const key = text.trim();
  if (hexadecimal.test(key)) return masterKeyOf(Buffer.from(key, 'hex'), origin);
  if (base64.test(key)) return masterKeyOf(Buffer.from(key, 'base64'), origin);
  throw new LmsError('KEY_INVALID', {
    message:
      `${origin} holds no master key: expected ${masterKeyLength} bytes as 64 hexadecimal digits or as 44 characters of ` +
      `base64, found ${key.length} characters that are neither`,
    path: origin,
  });
}
