import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { expect, test } from 'vitest';
import { filesOfWorkspace } from './files-of-workspace.ts';
import { assertWorkspaceNode, inWorkspace, versionOfPackage } from './workspace.ts';

const textOf = (file: string): string => readFileSync(inWorkspace(file), 'utf8');

test('the tests run on the Node.js that the workspace brings', () => {
  expect(assertWorkspaceNode).not.toThrow();
  expect(process.versions.node.split('.')[0]).toBe('24');
});

test('all packages have one version', () => {
  const packages = filesOfWorkspace('packages/*/package.json').map((file) => file.split('/')[1] ?? '');
  expect(packages.length).toBeGreaterThanOrEqual(4);
  expect(new Set(packages.map(versionOfPackage)).size).toBe(1);
});

test('the lockfile names no registry', () => {
  expect(textOf('pnpm-lock.yaml')).not.toMatch(/https?:\/\//);
});

test('no pnpm-workspace.yml lies beside pnpm-workspace.yaml, else pnpm refuses to install', () => {
  expect(existsSync(inWorkspace('pnpm-workspace.yml'))).toBe(false);
});

test('every relative link in the pages leads to a file', () => {
  const broken = filesOfWorkspace('*.md', '**/*.md').flatMap((page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(
      (match) => match[1] ?? '',
    );
    return links.filter((link) => !existsSync(inWorkspace(page, '..', link))).map((link) => `${page}: ${link}`);
  });
  expect(broken).toEqual([]);
});

test('every decision has a line in the list of decisions', () => {
  const list = textOf('docs/decisions/README.md');
  const pages = filesOfWorkspace('docs/decisions/*.md').map((file) => file.slice('docs/decisions/'.length));
  expect(pages.filter((page) => page !== 'README.md' && !list.includes(`(${page})`))).toEqual([]);
});
