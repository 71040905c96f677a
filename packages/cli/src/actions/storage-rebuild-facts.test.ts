import { expect, it } from 'vitest';
import { goOn } from './storage-rebuild-facts.js';

const typed = ['storage', 'rebuild-facts', '--product', 'personal-loan', '--store', 'prod'];

it.each([
  { name: 'before the first batch', words: typed, after: null, said: '--product personal-loan --store prod' },
  { name: 'after a batch', words: typed, after: 'L2', said: '--product personal-loan --store prod --after L2' },
  {
    name: 'a second time',
    words: [...typed, '--after=L1', '--actor', 'asha'],
    after: 'L2',
    said: '--product personal-loan --store prod --actor asha --after L2',
  },
])('rebuild-facts stopped $name names the command that goes on in the same store', ({ words, after, said }) => {
  expect(goOn(words, after)).toBe(`lms storage rebuild-facts ${said}`);
});
