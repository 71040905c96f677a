import type { ZodType } from 'zod';
import { LmsError } from './errors.js';

/**
 * Reads an input from outside by its shape.
 * @param summary begins the message: `the user cannot be created`
 * @throws LmsError `INPUT_INVALID`, which names each wrong place
 */
export function checkInput<Shape>(shape: ZodType<Shape>, input: unknown, summary: string): Shape {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.') || '(input)',
    rule: issue.code,
    message: issue.message,
  }));
  throw LmsError.ofProblems('INPUT_INVALID', summary, problems);
}
