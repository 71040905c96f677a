import type { FieldProblem } from './field-type.js';

/** What is wrong and what would be accepted, as one sentence. */
export function problemText(problem: FieldProblem): string {
  return problem.expected === '' ? problem.message : `${problem.message}; expected ${problem.expected}`;
}
