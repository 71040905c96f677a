import { expect, it } from 'vitest';
import { exitCodeFor } from './storage-verify.js';

const kept = { level: 'MUST', passed: true } as const;

it.each([
  { name: 'every promise kept', outcomes: [kept], isStopped: false, exitCode: 0 },
  { name: 'a MUST broken', outcomes: [kept, { level: 'MUST', passed: false }], isStopped: false, exitCode: 7 },
  { name: 'a SHOULD broken', outcomes: [kept, { level: 'SHOULD', passed: false }], isStopped: false, exitCode: 0 },
  { name: 'stopped on the way', outcomes: [kept], isStopped: true, exitCode: 130 },
  { name: 'stopped after a MUST broke', outcomes: [{ level: 'MUST', passed: false }], isStopped: true, exitCode: 7 },
] as const)('lms storage verify exits $exitCode with $name', ({ outcomes, isStopped, exitCode }) => {
  expect(exitCodeFor(outcomes, isStopped)).toBe(exitCode);
});
