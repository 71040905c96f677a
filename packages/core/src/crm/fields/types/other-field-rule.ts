import type { Rule } from './define-type.js';

/**
 * `before` and `after` name another date field of the lead. They need the whole lead, so they are checked by the engine and
 * linted with the other keys; here they are only known.
 */
export const otherFieldRule: Rule<string> = {
  validations: ['before', 'after'],
  check: () => [],
  lint: () => [],
};
