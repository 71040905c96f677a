import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore, withPersonalLoan } from './stores.js';

let folder: LmsFolder;
beforeAll(async () => {
  folder = await withPersonalLoan(fileStore);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('LMS_LOG', () => {
  it('writes what is done as lines of JSON on the error output, without who was looked for', async () => {
    const { exitCode, stderr } = await folder.lms(['leads', 'find', '98765 43210'], {
      environment: { LMS_LOG: 'debug' },
    });
    expect(exitCode).toBe(0);
    const lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 20, kind: 'command', operation: 'leads.find', outcome: 'ok', actor: 'user' }),
    );
    expect(stderr).not.toContain('43210');
  });

  it('is refused where it is no level', async () => {
    expect(await folder.lms(['leads', 'list'], { environment: { LMS_LOG: 'loud' } })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('LMS_LOG is "loud"; expected one of debug, info, warn, error'),
    });
  });
});
