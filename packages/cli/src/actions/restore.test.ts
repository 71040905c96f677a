import { LmsError } from '@lms/core/kernel';
import { expect, it } from 'vitest';
import { foundBy } from './restore.js';

it('a restored store that cannot be looked at is told as a finding, so that what was restored is told too', async () => {
  const gone = new LmsError('STORE_UNAVAILABLE', { message: 'the server cannot be reached' });
  expect(await foundBy(() => Promise.reject(gone))).toEqual([
    {
      name: 'looking',
      ok: false,
      message: 'the store is restored and was not looked at: the server cannot be reached; see what lms doctor says',
    },
  ]);
  await expect(foundBy(() => Promise.reject(new TypeError('a defect')))).rejects.toThrow('a defect');
});
