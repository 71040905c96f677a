import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildPackages } from '../build-packages.ts';
import { filesOfWorkspace } from '../files-of-workspace.ts';
import { inWorkspace } from '../workspace.ts';
import { blocksOf } from './page-blocks.ts';
import { pageDatabases } from './page-databases.ts';
import { PageFolder } from './page-folder.ts';
import { needsServers, runPage } from './run-page.ts';

const pages = filesOfWorkspace('README.md', 'docs/*.md').map((name) => ({
  name,
  text: readFileSync(inWorkspace(name), 'utf8'),
}));

beforeAll(() => buildPackages(), 300_000);

describe('the pages', () => {
  test.each(pages.filter(({ text }) => blocksOf(text).length > 0))(
    'what $name says is what happens',
    async ({ text }) => {
      await using databases = needsServers(text) ? await pageDatabases() : null;
      using folder = new PageFolder(databases?.urls);
      expect(await runPage(text, folder)).toEqual([]);
    },
    300_000,
  );

  test.each(pages.filter(({ name }) => name !== 'docs/errors.md'))(
    'every block of TypeScript, YAML and JSON in $name is run',
    ({ text }) => {
      const unmarked = [...text.matchAll(/^```(ts|js|yaml|json)$/gm)].map(({ index }) => text.slice(index, index + 80));
      expect(unmarked).toEqual([]);
    },
  );
});

describe('running a page fails', () => {
  const wrongOf = async (page: string): Promise<string> => {
    using folder = new PageFolder();
    return (await runPage(page, folder)).join('\n');
  };

  test.each([
    ['a command that fails', '```sh run\nfalse\n```\n', /exit 1/],
    [
      'a command in the middle that fails',
      '```sh run\ntrue\nlms nothing\ntrue\n```\n',
      /lms nothing: ends with 0, says the page; it ended with 2/,
    ],
    ['a command that ends otherwise than said', '```sh run\ntrue # exits 4\n```\n', /says the page; it ended with 0/],
    ['output that is not printed', '```sh run\necho one\n```\n```text prints\ntwo\n```\n', /nothing printed is "two"/],
    ['a program that throws', "```ts run\nthrow new Error('broken');\n```\n", /broken/],
    ['a program of wrong types', "```ts run\nconst one: number = 'one';\nconsole.log(one);\n```\n", /TS2322/],
    [
      'a program that uses what is not exported',
      "```ts run\nimport { gone } from '@lms/core';\nconsole.log(gone);\n```\n",
      /TS2305/,
    ],
  ])(
    'on %s',
    async (_what, page, complaint) => {
      expect(await wrongOf(page)).toMatch(complaint);
    },
    60_000,
  );

  test('on nothing when the page is true', async () => {
    const page =
      '```text file=a/b.txt\nhello\n```\n```sh run\ncat a/b.txt\n```\n```ts run\nconst a: number = 1;\n```\n' +
      '```text prints\nbetween 1 ... end\n```\n```ts run\nconsole.log("between", a, "and the end");\n```\n';
    expect(await wrongOf(page)).toBe('');
  }, 60_000);
});
