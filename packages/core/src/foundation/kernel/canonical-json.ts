import canonicalize from 'canonicalize';
import { LmsError } from './errors.js';
import type { Json } from './events.js';

/**
 * The one spelling of a JSON value (RFC 8785): keys in order of their UTF-16 units, no white space, numbers as ECMAScript
 * prints them. Equal values give equal text, so the text can be hashed and signed.
 * @throws LmsError `VALUE_NOT_STORABLE` for what JSON cannot hold: NaN, infinities, lone surrogates, cycles
 */
export function canonicalJson(value: Json): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LmsError('VALUE_NOT_STORABLE', { message: `The value is not JSON: ${reason}`, cause: error });
  }
  throw new LmsError('VALUE_NOT_STORABLE', { message: 'The value is not JSON' });
}
