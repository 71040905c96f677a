// Runs before each test file. Files share a process: one that changed it would make others depend on the order they run in.
import { afterAll, expect } from 'vitest';
import { changesOf, processState } from './process-state.ts';

const before = processState();

afterAll(() => {
  expect(changesOf(before, processState()), 'what this file changed in its process').toEqual([]);
});
