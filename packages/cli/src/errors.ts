import { LmsError } from '@lms/core/kernel';
import { type ExitCode, exitCodeOf } from './exit-codes.js';
import { hintFor } from './hints.js';
import { printable } from './output/printable.js';
import type { Style } from './output/style.js';

/** How an error is told: its exit code, and what is printed on stderr. */
export interface ErrorReport {
  readonly exitCode: ExitCode;
  readonly text: string;
}

export interface ErrorStyle {
  readonly json: boolean;
  readonly style: Style;
  /** Prints stacks (LMS_DEBUG). */
  readonly debug: boolean;
}

const listedAtMost = 20;

/**
 * An error for the person at the keyboard: what is wrong, each place, what to type next. With `json`:
 * `{ "error": { code, category, retryable, message, ..., next } }`.
 */
export function reportError(thrown: unknown, options: ErrorStyle): ErrorReport {
  const error = asLmsError(thrown);
  const next = hintFor(error);
  const text = options.json
    ? JSON.stringify({ error: { ...error.toJSON(), ...(next === null ? {} : { next }) } }, null, 2)
    : lines(error, next, options.style).join('\n');
  const stack = options.debug && thrown instanceof Error && thrown.stack !== undefined ? `\n${thrown.stack}` : '';
  return { exitCode: exitCodeOf(error), text: text + stack };
}

function asLmsError(thrown: unknown): LmsError {
  if (LmsError.isInstance(thrown)) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new LmsError('INTERNAL', { message: `Unexpected failure: ${reason}`, cause: thrown });
}

function lines(error: LmsError, next: string | null, style: Style): readonly string[] {
  const items = itemsOf(error);
  const summary = items.length === 0 ? error.message : withoutItems(error.message, items);
  const shown = items.slice(0, listedAtMost).map((item) => `  - ${printable(item.text)}`);
  if (items.length > listedAtMost) shown.push(`  ... and ${items.length - listedAtMost} more (--json lists all)`);
  return [
    `${style.red('error:')} ${printable(summary)} ${style.dim(`(${error.code})`)}`,
    ...(items.length === 0 && error.path !== undefined ? [`  at: ${printable(error.path)}`] : []),
    ...shown,
    ...(next === null ? [] : [`  ${style.cyan('next:')} ${printable(next)}`]),
  ];
}

interface Item {
  readonly text: string;
}

/** Every wrong place (`details.problems`) or reason (`details.reasons`) that the error lists. */
function itemsOf(error: LmsError): readonly Item[] {
  const listed: unknown = error.details['problems'] ?? error.details['reasons'];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const path: unknown = Reflect.get(entry, 'path');
    const message: unknown = Reflect.get(entry, 'message');
    if (typeof message !== 'string') return [];
    return [{ text: typeof path === 'string' && path !== '' ? `${path}: ${message}` : message }];
  });
}

/** The message up to where it begins to repeat the items. */
function withoutItems(message: string, items: readonly Item[]): string {
  const first = items[0]?.text ?? '';
  const begin = message.indexOf(first);
  return begin <= 0 ? message : message.slice(0, begin).replace(/[:\s]+$/, '');
}
