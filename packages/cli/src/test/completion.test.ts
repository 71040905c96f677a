import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { roleNames } from '@lms/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOfOption } from '../completion/value-kinds.js';
import { commandLine } from '../output/command-line.js';
import { buildProgram } from '../program.js';
import { Runner } from '../run.js';
import { type LmsFolder, lmsCommand } from './lms-process.js';
import { storeShapes, withPersonalLoan } from './stores.js';

const run = promisify(execFile);

describe.each(storeShapes)('completion in bash on $name', { timeout: 120_000 }, (shape) => {
  let folder: LmsFolder;
  beforeAll(async () => {
    folder = await withPersonalLoan(shape);
    await writeFile(folder.file('lms'), `#!/bin/sh\nexec ${commandLine([process.execPath, ...lmsCommand()])} "$@"\n`);
    await chmod(folder.file('lms'), 0o755);
    await folder.lms(['users', 'add', 'ravi', '--name', 'Ravi Kumar', '--role', 'agent']);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  /** A busy machine has all the time it needs. */
  const environment = (): NodeJS.ProcessEnv => ({ ...folder.environment, LMS_COMPLETION_TIMEOUT: '30000' });

  /** What a real bash offers for the words of a line, the last of which is being typed. */
  const offers = async (...words: readonly string[]): Promise<readonly string[]> => {
    const script = `
      source <(./lms completion bash)
      complete -p lms
      COMP_WORDS=(./lms ${words.map((word) => `'${word}'`).join(' ')})
      COMP_CWORD=${words.length}
      _lms ./lms '${words.at(-1) ?? ''}' '${words.at(-2) ?? ''}'
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['--norc', '-c', script], { cwd: folder.path, env: environment() });
    const [registered, ...replies] = stdout.trimEnd().split('\n');
    expect(registered).toBe('complete -F _lms lms');
    return replies.filter((reply) => reply !== '');
  };

  it.each([
    [['bo'], ['board']],
    [['leads', 'as'], ['assign']],
    [['leads', 'list', '--own'], ['--owner']],
    [
      ['users', 'add', 'x', '--role', 'a'],
      ['admin', 'agent', 'auditor'],
    ],
    [
      ['help', 'tasks', ''],
      ['list', 'complete'],
    ],
    [['--json', 'rep'], ['report']],
    [['leads', 'list', '--', '--own'], []],
  ])('of %j are %j, by the commands', async (words, replies) => {
    expect(await offers(...words)).toEqual(replies);
  });

  it.each([
    [['board', '--product', ''], ['personal-loan']],
    [['board', '--product', '=', 'per'], ['personal-loan']],
    [['board', '--product=per'], ['--product=personal-loan']],
    [['leads', 'list', '--product', 'personal-loan', '--stage', 'cont'], ['contacted']],
    [['leads', 'move', 'LEAD-202601-00001', '--to', 'qual'], ['qualified']],
    [['leads', 'assign', 'LEAD-202601-00001', '--to', 'ra'], ['ravi']],
    [['leads', 'list', '--owner', 'no'], ['none']],
    [['schema', 'show', 'p'], ['personal-loan']],
    [
      ['--store', ''],
      ['dev', 'prod'],
    ],
  ])('of %j are %j, by the open store', async (words, replies) => {
    expect(await offers(...words)).toEqual(replies);
  });

  it('waits no longer for the store than it may', async () => {
    const impatient = { environment: { LMS_COMPLETION_TIMEOUT: '0' } };
    expect((await folder.lms(['__complete', 'board', '--product', ''], impatient)).stdout).toBe('');
  });

  it('leaves file names to bash', async () => {
    expect((await folder.lms(['__complete', 'import', ''])).stdout).toBe(':files\n');
  });

  it('says nothing of what the actor may not see, and makes no store', async () => {
    expect(await offers('leads', 'list', '--actor', 'nobody-here', '--owner', 'r')).toEqual([]);
    await writeFile(
      folder.file('none.json'),
      JSON.stringify({
        version: 1,
        defaultStore: 'dev',
        stores: { dev: { kind: 'sqlite', file: 'none.db' } },
        key: { file: 'lms.key' },
      }),
    );
    expect(await offers('board', '--config', 'none.json', '--product', '')).toEqual([]);
    const { stdout } = await run('ls', { cwd: folder.path });
    expect(stdout).not.toContain('none.db');
  });
});

it('offers the roles that there are', () => {
  const program = buildProgram(new Runner({ commandLine: [], unread: new AbortController().signal }));
  const add = program.commands.find((each) => each.name() === 'users')?.commands.find((each) => each.name() === 'add');
  const role = add?.options.find(({ long }) => long === '--role');
  if (role === undefined) throw new Error('users add has no --role');
  expect(valuesOfOption('users add', role).choices).toEqual(roleNames);
});
