import { maskText } from './mask-text.js';

/** Deeper than this nothing of a log is shown. */
const mostLevels = 8;
const hidden = '[hidden]';
/** Whatever is under these keys is a person's, or a secret. */
const hiddenKeys: ReadonlySet<string> = new Set([
  'fields',
  'values',
  'pan',
  'aadhaar',
  'phone',
  'mobile',
  'email',
  'name',
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
]);

/** What `pino` takes, and others like it. */
export interface MaskedLogging {
  readonly formatters: { log(fields: Record<string, unknown>): Record<string, unknown> };
  readonly serializers: { err(error: unknown): unknown };
  readonly hooks: { logMethod(this: unknown, given: unknown[], method: (...given: unknown[]) => void): void };
}

/**
 * Options for `pino` with which nothing that looks like personal data reaches a log: `pino({ ...maskedLogging })`. Texts are masked as `maskText`
 * does, in fields at any depth and in messages; what stands under keys such as `fields`, `pan` or `password` is hidden altogether.
 */
export const maskedLogging: MaskedLogging = {
  formatters: { log: (fields) => maskedFields(fields, 0) },
  // What was masked is shown as it is.
  serializers: { err: (error) => error },
  hooks: {
    logMethod(given, method) {
      method.apply(
        this,
        given.map((each) => (typeof each === 'string' ? maskText(each) : each)),
      );
    },
  },
};

function maskedFields(fields: object, level: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      hiddenKeys.has(key.toLowerCase()) ? hidden : maskedValue(value, level + 1),
    ]),
  );
}

function maskedValue(value: unknown, level: number): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (level > mostLevels) return hidden;
  if (Array.isArray(value)) return value.map((each) => maskedValue(each, level + 1));
  if (value instanceof Error) return maskedError(value, level);
  if (value instanceof Date) return value;
  return maskedFields(value, level);
}

function maskedError(error: Error, level: number): Record<string, unknown> {
  const { name, message, stack = '', cause } = error;
  return {
    type: name,
    message: maskText(message),
    stack: maskText(stack),
    ...('code' in error ? { code: maskedValue(error.code, level) } : {}),
    ...(cause === undefined ? {} : { cause: maskedValue(cause, level + 1) }),
  };
}
