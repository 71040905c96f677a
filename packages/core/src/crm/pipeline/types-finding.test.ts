import { expect, it } from 'vitest';
import { breaking } from '../../../test-support/broken-storages/breaking.js';
import { newStore, openStore } from '../../../test-support/store.js';
import { sqlite } from '../../storage/sqlite.js';

it('tells of a line that cannot be opened, and keeps nothing else from being told', async () => {
  const storage = sqlite({ file: ':memory:' });
  const { lms } = await newStore(storage);
  const damaged = breaking('definitions', (real) => ({
    async version(...wanted) {
      const stored = await real.version(...wanted);
      return stored === null ? null : { ...stored, body: { fields: 'none' } };
    },
  }));
  const { lms: other } = await openStore(damaged(storage));
  const findings = await other.check();
  expect(findings.find(({ name }) => name === 'field types')).toEqual({
    name: 'field types',
    ok: false,
    message: expect.stringMatching(/^personal-loan: STORE_CORRUPT: /),
  });
  expect(findings.map(({ name }) => name)).toContain('jobs');
  await lms.close();
});
