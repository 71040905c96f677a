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
    const text = plainText(value) ?? canonicalize(value);
    if (text !== undefined) return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LmsError('VALUE_NOT_STORABLE', { message: `The value is not JSON: ${reason}`, cause: error });
  }
  throw new LmsError('VALUE_NOT_STORABLE', { message: 'The value is not JSON' });
}

/** Thrown for what the engine would order or spell by rules of its own. */
const notPlain: Error = new Error('not plain');
const digitZero = 48;
const digitNine = 57;
const arrayIndex = /^(?:0|[1-9]\d*)$/;

/**
 * The same text for plain values, at a third of the time (every row of the trail is hashed): the engine writes an object whose keys are in
 * order. null where it would not be the same: keys that look like indexes, lone surrogates, numbers that JSON does not have.
 */
function plainText(value: Json): string | null {
  try {
    const text = JSON.stringify(inOrder(value));
    return text === undefined || text.includes('\\ud') ? null : text;
  } catch (error) {
    if (error === notPlain || error instanceof RangeError) return null;
    throw error;
  }
}

function inOrder(value: Json): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw notPlain;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  if (isSpecial(value)) throw notPlain;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    if (isOrderedByEngine(key)) throw notPlain;
    ordered[key] = inOrder(Reflect.get(value, key));
  }
  return ordered;
}

/** An index would come first, and `__proto__` would not be a key at all. */
function isOrderedByEngine(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= digitZero && first <= digitNine && arrayIndex.test(key)) || key === '__proto__';
}

/** Writes itself in a way of its own, such as a date. */
function isSpecial(value: object): boolean {
  return 'toJSON' in value;
}
