import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inWorkspace } from '../workspace.ts';
import { cliPage } from './cli-page.ts';

test('docs/cli.md tells every command as it is (if not: node scripts/run.mjs docs)', () => {
  expect(readFileSync(inWorkspace('docs', 'cli.md'), 'utf8')).toBe(cliPage());
});
