import { canonicalJson, type Json, LmsError } from '../../foundation/kernel/index.js';
import type { LookupHasher } from '../../foundation/privacy/index.js';

/**
 * The request as JSON, for comparing repeats of one idempotency key.
 * @throws LmsError `INPUT_INVALID` for values that JSON does not have, such as a bigint or a circle
 */
export function requestJson(request: object): Json {
  try {
    return JSON.parse(JSON.stringify(request)) as Json;
  } catch {
    throw new LmsError('INPUT_INVALID', {
      message: 'the request holds a value that is no JSON, such as a bigint or an object that contains itself',
    });
  }
}

/** What is kept of a request beside its idempotency key: it may hold a phone number, so the hash is keyed. */
export function hashedRequest(request: Json, hasher: LookupHasher): string {
  return hasher.hash('request', canonicalJson(request));
}
