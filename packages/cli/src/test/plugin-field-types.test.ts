import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LmsFolder } from './lms-process.js';
import { fileStore } from './stores.js';

const plugin = `
export default {
  name: 'acme',
  fieldTypes: [
    {
      name: 'acme.vehicle-number',
      base: 'text',
      pii: 'identifier',
      expected: 'a vehicle number such as MH12AB1234',
      samples: ['mh 12 ab 1234'],
      parse(text) {
        const value = text.toUpperCase().replace(/[\\s-]/g, '');
        return /^[A-Z]{2}\\d{1,2}[A-Z]{1,3}\\d{1,4}$/.test(value) ? { value } : { problem: 'is no registration mark' };
      },
      format: (value) => value.replace(/^(..)(\\d+)(\\D+)/, '$1 $2 $3 '),
      mask: (value) => value.slice(0, 2) + '********',
    },
  ],
};
`;

const line = {
  slug: 'vehicle-loan',
  name: 'Vehicle loan',
  roles: { name: 'fullName', phone: 'mobile' },
  unique: [{ scope: 'line', fields: ['vehicle'], while: 'open' }],
  fields: [
    { key: 'fullName', label: 'Full name', type: 'text' },
    { key: 'mobile', label: 'Mobile', type: 'phone' },
    { key: 'vehicle', label: 'Vehicle number', type: 'acme.vehicle-number', required: true },
  ],
  pipeline: {
    stages: [
      { slug: 'new', name: 'New', next: ['won'] },
      { slug: 'won', name: 'Won', terminal: 'won' },
    ],
  },
};

let folder: LmsFolder;

async function configure(plugins: readonly string[]): Promise<void> {
  const file = folder.file('lms.config.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), plugins }));
}

describe('field types of the plugins of lms.config.json', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await fileStore.make();
    expect(await folder.lms(['init'])).toMatchObject({ exitCode: 0 });
    await writeFile(folder.file('acme.mjs'), plugin);
    await writeFile(folder.file('line.json'), JSON.stringify(line));
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('are refused where no plugin brings them, by its name', async () => {
    const { exitCode, stderr } = await folder.lms(['schema', 'publish', 'line.json']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/"acme\.vehicle-number" cannot be used: the plugin "acme" is not loaded/),
    });
  });

  it('read the rows of an import, detached too, and print the values', async () => {
    await configure(['acme.mjs']);
    expect(await folder.lms(['schema', 'publish', 'line.json'])).toMatchObject({ exitCode: 0 });
    const { stdout: types } = await folder.lms(['schema', 'field-types', '--json']);
    expect(JSON.parse(types).items).toContainEqual(
      expect.objectContaining({ name: 'acme.vehicle-number', plugin: 'acme', base: 'text', pii: 'identifier' }),
    );
    await writeFile(
      folder.file('rows.csv'),
      ['Full name,Mobile,Vehicle number', 'Asha Rao,9820000001,ka-05-mn-7', 'Ravi Rao,9820000002,bicycle'].join('\n'),
    );
    const command = ['import', 'rows.csv', '--product', 'vehicle-loan', '--detach', '--json'];
    expect(await folder.lms(command)).toMatchObject({ exitCode: 0 });
    expect(await folder.lms(['tick'])).toMatchObject({ exitCode: 0 });
    const { stdout: listed } = await folder.lms(['leads', 'list', '--product', 'vehicle-loan', '--json']);
    const { items } = JSON.parse(listed);
    expect(items).toMatchObject([{ values: { vehicle: 'KA05MN7' } }]);
    expect(await readFile(folder.file('rows.rejects.csv'), 'utf8')).toContain('is no registration mark');
    const { stdout: shown } = await folder.lms(['leads', 'show', items[0].number]);
    expect(shown).toContain('KA 05 MN 7');
  });

  it('that are missing are told by doctor and by who would write, while what is stored can be read', async () => {
    await configure([]);
    const missing = /plugin "acme" is not loaded; give it to createLms.*"plugins" in lms\.config\.json/;
    expect(await folder.lms(['doctor'])).toMatchObject({ exitCode: 7, stdout: expect.stringMatching(missing) });
    const { stdout } = await folder.lms(['leads', 'list', '--product', 'vehicle-loan', '--json']);
    expect(JSON.parse(stdout).items).toMatchObject([{ values: { vehicle: 'KA05MN7' } }]);
    const words = ['leads', 'create', '--product', 'vehicle-loan', '--set', 'vehicle=MH12AB1'];
    expect(await folder.lms(words)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(missing) });
  });
});
