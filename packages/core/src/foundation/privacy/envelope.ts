import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { LmsError, type RandomSource } from '../kernel/index.js';

const version = 'v1.';
const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** What an envelope is bound to (made by {@link associatedData}): it opens under the same only. */
export type AssociatedData = Uint8Array;

/** The parts as JSON, so that no two lists of parts give the same bytes. */
export function associatedData(parts: readonly string[]): AssociatedData {
  return Buffer.from(JSON.stringify(parts), 'utf8');
}

/**
 * Seals bytes with AES-256-GCM under a fresh random 96-bit nonce (NIST SP 800-38D §8.2.2: at most 2^32 envelopes a key;
 * here a key serves one aggregate). The envelope is `v1.` and base64url of nonce, cipher text and 128-bit tag.
 */
export function sealEnvelope(
  key: KeyObject,
  plain: string | Uint8Array,
  boundTo: AssociatedData,
  random: RandomSource,
): string {
  const nonce = random.bytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  cipher.setAAD(boundTo);
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  cipher.final();
  return version + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

/**
 * Opens what {@link sealEnvelope} made.
 * @param what names the record in messages
 * @throws LmsError `ENVELOPE_INVALID` when one bit differs, or the key or what it is bound to is another
 */
export function openEnvelope(key: KeyObject, envelope: string, boundTo: AssociatedData, what: string): Buffer {
  if (!envelope.startsWith(version)) throw invalid(what, 'its format is unknown');
  const text = envelope.slice(version.length);
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < nonceLength + tagLength || bytes.toString('base64url') !== text)
    throw invalid(what, 'it is damaged');
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(boundTo);
  decipher.setAuthTag(bytes.subarray(bytes.length - tagLength));
  const body = decipher.update(bytes.subarray(nonceLength, bytes.length - tagLength));
  try {
    decipher.final();
  } catch {
    throw invalid(what, 'it was changed or belongs to another record');
  }
  return body;
}

function invalid(what: string, reason: string): LmsError {
  return new LmsError('ENVELOPE_INVALID', { message: `the sealed value of ${what} cannot be opened: ${reason}` });
}
