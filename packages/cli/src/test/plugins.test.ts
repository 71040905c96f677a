import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { applicant, fileStore, withPersonalLoan } from './stores.js';

const plugin = `
import { appendFileSync } from 'node:fs';

export default {
  name: 'cautious',
  guards: [{ name: 'goa', create: ({ values }) => (values.city === 'Goa' ? 'we do not lend in Goa' : null) }],
  consumers: [
    {
      name: 'cautious-log',
      types: ['lead.created', 'user.created'],
      from: 'beginning',
      handle: async ({ type }) => {
        if (type === 'user.created') throw new TypeError('no users, please');
        appendFileSync(new URL('told.txt', import.meta.url), type + '\\n');
      },
    },
  ],
};
`;

let folder: LmsFolder;

async function configure(plugins: readonly string[]): Promise<void> {
  const file = folder.file('lms.config.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), plugins }));
}

function create(city: string): ReturnType<LmsFolder['lms']> {
  return folder.lms(['leads', 'create', '--product', 'personal-loan', ...applicant({ city })]);
}

describe('plugins of lms.config.json', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await withPersonalLoan(fileStore);
    await writeFile(folder.file('cautious.mjs'), plugin);
    await configure(['cautious.mjs']);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('are asked by commands, and their consumers are handed events by lms tick alone', async () => {
    expect(await create('Goa')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('we do not lend in Goa'),
    });
    expect(await create('Pune')).toMatchObject({ exitCode: 0 });
    await expect(readFile(folder.file('told.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
    const { stdout, stderr } = await folder.lms(['tick', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ events: 0, failedEvents: 1 });
    expect(stderr).toMatch(/The consumer cautious-log failed at event \d+: TypeError: no users, please/);
    expect(await folder.lms(['events', 'skip', 'cautious-log'])).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await folder.lms(['tick', '--json'])).stdout)).toMatchObject({ events: 1, failedEvents: 0 });
    expect(await readFile(folder.file('told.txt'), 'utf8')).toBe('lead.created\n');
  });

  it('that are none end every command, rather than leaving a guard out', async () => {
    await writeFile(folder.file('misspelt.mjs'), "export default { name: 'p', gaurds: [] };");
    await configure(['cautious.mjs', 'misspelt.mjs']);
    const refused = await folder.lms(['leads', 'list']);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/plugins\.1.*gaurds/) });
  });
});
