import { bringInExamples } from './examples/bring-in.js';
import type { Examples } from './examples/example.js';
import { leadExamples } from './examples/leads.js';
import { operationExamples } from './examples/operations.js';
import { setUpExamples } from './examples/set-up.js';
import { storeExamples } from './examples/store.js';

export type { Example } from './examples/example.js';

/**
 * At least one for each command, by its words after `lms`. A test parses every line, so that no example names an option that is gone.
 */
export const examples: Examples = {
  ...setUpExamples,
  ...bringInExamples,
  ...leadExamples,
  ...storeExamples,
  ...operationExamples,
};
