import { expect, test, vi } from 'vitest';
import { changesOf, processState } from './process-state.ts';

test('a process left as it was has no changes', () => {
  expect(changesOf(processState(), processState())).toEqual([]);
});

test('another folder, variable, listener and clock are each told', () => {
  const before = processState();
  const changed = {
    ...before,
    folder: '/elsewhere',
    environment: { ...before.environment, LMS_STORE: 'prod' },
    listeners: { ...before.listeners, SIGINT: 7 },
  };
  vi.useFakeTimers();
  const { clock } = processState();
  vi.useRealTimers();
  expect(changesOf(before, { ...changed, clock })).toEqual([
    `the working folder is /elsewhere, it was ${before.folder}`,
    'the environment variable LMS_STORE changed',
    'listeners for SIGINT were added or removed',
    'the clock was replaced',
  ]);
});
