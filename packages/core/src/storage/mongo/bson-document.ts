import { LmsError } from '../../foundation/kernel/index.js';
import { isStorableText } from '../storable-text.js';

/** What documents are made of. `bigint` is stored as a 64-bit integer and read back as a number. */
export type BsonValue = string | number | bigint | boolean | null | readonly BsonValue[] | BsonDocument;
export interface BsonDocument {
  [key: string]: BsonValue;
}

/**
 * A copy of plain data as MongoDB stores it: amounts (`amountPaise`, at any depth) as 64-bit integers, absent values left
 * out.
 * @throws LmsError `VALUE_NOT_STORABLE` for an amount or integer that is not exact, a number that is none, or a key that
 * MongoDB would read as an operator or a path
 */
export function toBsonDocument(source: object): BsonDocument {
  return documentOf(source, '');
}

function documentOf(source: object, path: string): BsonDocument {
  const copy: BsonDocument = {};
  for (const [key, value] of Object.entries(source)) {
    if (value === undefined) continue;
    const place = path === '' ? key : `${path}.${key}`;
    if (!isPlainKey(key)) throw notStorable(path, `the key "${key.slice(0, 60)}" cannot be stored`);
    copy[key] = key === 'amountPaise' && typeof value === 'number' ? amountOf(value, place) : plainValue(value, place);
  }
  return copy;
}

function isPlainKey(key: string): boolean {
  return !key.startsWith('$') && !key.includes('.') && !key.includes('\0') && key !== '__proto__';
}

function amountOf(value: number, path: string): bigint {
  if (!Number.isSafeInteger(value)) {
    throw notStorable(path, `${value} is not an exact amount of minor units (a whole number up to 2^53-1)`);
  }
  return BigInt(value);
}

function plainValue(value: unknown, path: string): BsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return textOf(value, path);
  if (typeof value === 'number') return numberOf(value, path);
  if (Array.isArray(value)) return value.map((item, index) => plainValue(item, `${path}[${index}]`));
  if (typeof value === 'object') return documentOf(value, path);
  throw notStorable(path, `a ${typeof value} cannot be stored`);
}

function textOf(value: string, path: string): string {
  if (!isStorableText(value)) {
    throw notStorable(path, 'text with a NUL or half a surrogate pair cannot be stored');
  }
  return value;
}

function numberOf(value: number, path: string): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw notStorable(path, `${value} cannot be stored exactly`);
  }
  return value;
}

function notStorable(path: string, message: string): LmsError {
  return new LmsError('VALUE_NOT_STORABLE', { message: path === '' ? message : `${path}: ${message}`, path });
}
