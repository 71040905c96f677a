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
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
]);

/** What `pino` takes, and others like it. */
export interface MaskedLogging {
  readonly formatters: { log(fields: Record<string, unknown>): Record<string, unknown> };
  readonly serializers: Readonly<Record<string, (value: unknown) => unknown>>;
  readonly hooks: { logMethod(this: unknown, given: unknown[], method: (...given: unknown[]) => void): void };
}

/**
 * Options for `pino` with which nothing that looks like personal data reaches a log: `pino({ ...maskedLogging })`. Texts and long numbers are masked
 * as `maskText` does, in fields at any depth, in errors and in messages; what stands under keys such as `fields`, `pan` or `password` is hidden
 * altogether. Of the fields of child loggers only those keys are hidden: `pino` shows a logger's own fields to nobody.
 */
export const maskedLogging: MaskedLogging = {
  formatters: { log: (fields) => maskedFields(fields, 0) },
  serializers: {
    // What was masked is shown as it is.
    err: (error) => error,
    // Fields of child loggers come this way alone.
    ...Object.fromEntries([...hiddenKeys].map((key) => [key, () => hidden])),
  },
  hooks: {
    logMethod(given, method) {
      const [first, ...others] = given;
      const rest = others.map((each) => maskedValue(each, 0));
      if (typeof first === 'string') return method.call(this, maskText(first), ...rest);
      // Without a message the logger would take that of the error, as it is.
      const error = errorOf(first);
      const message = rest.length === 0 && error !== null ? [maskText(error.message)] : rest;
      method.call(this, first instanceof Error ? { err: first } : first, ...message);
    },
  },
};

function errorOf(logged: unknown): Error | null {
  if (logged instanceof Error) return logged;
  if (typeof logged !== 'object' || logged === null || !('err' in logged)) return null;
  return logged.err instanceof Error ? logged.err : null;
}

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
  if (typeof value === 'number') return maskedNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (level > mostLevels) return hidden;
  if (Array.isArray(value)) return value.map((each) => maskedValue(each, level + 1));
  if (value instanceof Error) return maskedError(value, level);
  if (value instanceof Date) return value;
  return maskedFields(value, level);
}

/** A phone number is one, too. */
function maskedNumber(value: number): number | string {
  const text = String(value);
  const masked = maskText(text);
  return masked === text ? value : masked;
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
