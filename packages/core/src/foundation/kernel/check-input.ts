import type { ZodType } from 'zod';
import { LmsError } from './errors.js';

/**
 * Reads an input from outside by its shape.
 * @param summary begins the message: `the user cannot be created`
 * @param code of what is refused
 * @throws LmsError `INPUT_INVALID`, or the code, which names each wrong place
 */
export function checkInput<Shape>(
  shape: ZodType<Shape>,
  input: unknown,
  summary: string,
  code: 'INPUT_INVALID' | 'CONFIG_INVALID' = 'INPUT_INVALID',
): Shape {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.') || '(input)',
    rule: issue.code,
    message: issue.message,
  }));
  throw LmsError.ofProblems(code, summary, problems);
}
