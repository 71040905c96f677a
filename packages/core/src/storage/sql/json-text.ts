import { requireExactNumber, requireSafeInteger } from './sql-connection.js';

/** Reads JSON that this store wrote itself: its shape is trusted as the column's type says. */
export function readJson<Value>(text: string): Value {
  return JSON.parse(text);
}

/**
 * @param written the same value as JSON text, where somebody has written it before
 * @throws LmsError `VALUE_NOT_STORABLE` when a number inside would not come back the same, or money is not whole
 */
export function writeJson(value: unknown, written?: string): string {
  requireExactNumbers(value);
  return written ?? JSON.stringify(value);
}

/** {@link writeJson} of a column that may be null. */
export function writeJsonOrNull(value: unknown): string | null {
  return value === null ? null : writeJson(value);
}

/** {@link readJson} of a column that may be null. */
export function readJsonOrNull<Value>(text: string | null): Value | null {
  return text === null ? null : readJson<Value>(text);
}

function requireExactNumbers(value: unknown): void {
  if (typeof value === 'number') requireExactNumber(value);
  else if (Array.isArray(value)) for (const item of value) requireExactNumbers(item);
  else if (isRecord(value)) {
    // for-in allocates nothing; documents are plain objects, and this runs for every write.
    for (const key in value) {
      const item = value[key];
      if (typeof item === 'number' && key.endsWith('Paise')) requireSafeInteger(item);
      else if (typeof item !== 'string') requireExactNumbers(item);
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
