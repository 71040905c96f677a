import { type ErrorCategory, type ErrorCode, errorCodes } from './error-codes.js';

const brand: unique symbol = Symbol.for('lms.error');

/** One wrong place in an input: where, what is wrong, what was expected. Never holds sealed personal data. */
export interface Problem {
  /** Where: a field key, a JSON path such as `fields[3].pattern`, or `row 12, column "Mobile"`. */
  readonly path: string;
  /** A stable word for the kind of problem, such as `required` or `too-long`. */
  readonly rule: string;
  readonly message: string;
}

export interface LmsErrorOptions {
  readonly message: string;
  readonly path?: string;
  /** Plain JSON that explains the error; safe to show. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class of LMS. `code` is stable, `message` is safe to show and says what to do, `retryable` says
 * whether the very same call may succeed later. Test with {@link LmsError.isInstance}: it also holds across two copies
 * of the package.
 */
export class LmsError extends Error {
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly path: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, options: LmsErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LmsError';
    this.code = code;
    this.category = errorCodes[code].category;
    this.retryable = errorCodes[code].retryable;
    this.path = options.path;
    this.details = options.details ?? {};
    Object.defineProperty(this, brand, { value: true });
  }

  static isInstance(value: unknown): value is LmsError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  /** An error that lists every wrong place at once. */
  static ofProblems(code: ErrorCode, summary: string, problems: readonly Problem[]): LmsError {
    const first = problems
      .slice(0, 5)
      .map((problem) => `${problem.path}: ${problem.message}`)
      .join('; ');
    const more = problems.length > 5 ? ` (and ${problems.length - 5} more)` : '';
    const path = problems[0]?.path;
    return new LmsError(code, {
      message: `${summary}: ${first}${more}`,
      ...(path === undefined ? {} : { path }),
      details: { problems },
    });
  }

  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      category: this.category,
      retryable: this.retryable,
      message: this.message,
      ...(this.path === undefined ? {} : { path: this.path }),
      ...(Object.keys(this.details).length === 0 ? {} : { details: this.details }),
    };
  }
}

/** True for an {@link LmsError} with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return LmsError.isInstance(error) && error.code === code;
}
