import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inWorkspace } from '../workspace.ts';
import { errorsPage } from './errors-page.ts';

test('docs/errors.md tells every code as the table has it (if not: node scripts/run.mjs docs)', () => {
  expect(readFileSync(inWorkspace('docs', 'errors.md'), 'utf8')).toBe(errorsPage());
});
