import { createLms, keyFile } from '@lms/core';
import { sqlite } from '@lms/core/storage/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore } from './stores.js';

let folder: LmsFolder;

async function json(words: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await folder.lms([...words, '--json']);
  return JSON.parse(stdout);
}

describe('events', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await fileStore.make();
    expect(await folder.lms(['init', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(await folder.lms(['users', 'add', 'ravi', '--name', 'Ravi', '--role', 'agent'])).toMatchObject({
      exitCode: 0,
    });
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('are shown a line each, those asked for, from where it was asked', async () => {
    const words = ['events', 'tail', '--from', 'beginning', '--no-follow', '--type', 'user.*'];
    const { exitCode, stdout } = await folder.lms([...words, '--json']);
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toContain('user.created');
    expect(events.at(-1)).toMatchObject({ aggregate: { kind: 'user', id: 'ravi' }, position: expect.any(Number) });
    const last = String(events.at(-1)?.position - 1);
    expect((await folder.lms([...words, '--from', last])).stdout).toMatch(/^\d+ {2}.* user\.created {2}user ravi /);
    expect(await folder.lms(['events', 'tail', '--from', 'yesterday'])).toMatchObject({ exitCode: 2 });
  });

  it('and their consumers are listed, tried again, sent back and forgotten', async () => {
    expect((await folder.lms(['events', 'consumers'])).stderr).toContain('No process has consumed events yet.');
    const file = folder.file('lms.db');
    const lms = await createLms({ storage: sqlite({ file }), key: keyFile(folder.file('lms.key')) });
    const failing = async (): Promise<never> => {
      throw new RangeError('not today');
    };
    await lms.events.consume('my-crm', failing, { from: 'beginning', types: ['user.*'], maxAttempts: 1 });
    expect((await lms.tick()).events).toEqual({ handled: 0, failed: 1 });
    await lms.close();

    const listed = await folder.lms(['events', 'consumers']);
    expect(listed.stdout).toMatch(/my-crm +stopped .*: INTERNAL \(1\)/);
    const doctor = await folder.lms(['doctor']);
    expect(`${doctor.stdout}${doctor.stderr}`).toContain('my-crm has stopped at event');
    expect((await folder.lms(['events', 'retry', 'my-crm'])).stdout).toContain('my-crm is running at position 0');
    expect(await folder.lms(['events', 'skip', 'my-crm'])).toMatchObject({ exitCode: 5 });
    expect(await json(['events', 'pause', 'my-crm'])).toMatchObject({ status: 'paused' });
    expect(await json(['events', 'resume', 'my-crm'])).toMatchObject({ status: 'running' });
    expect(await json(['events', 'replay', 'my-crm', '--from', '2'])).toMatchObject({ position: 2 });
    expect(await folder.lms(['events', 'replay', 'my-crm'])).toMatchObject({ exitCode: 2 });
    expect(await json(['events', 'forget', 'my-crm'])).toEqual({ name: 'my-crm', forgotten: true });
    expect(await folder.lms(['events', 'pause', 'my-crm'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('lms events consumers'),
    });
  });
});
