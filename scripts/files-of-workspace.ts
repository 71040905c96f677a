import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inWorkspace, workspaceRoot } from './workspace.ts';

/** The files git would commit, also those not yet added, by their path from the root; optionally those that match a pattern. */
export function filesOfWorkspace(...patterns: readonly string[]): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: workspaceRoot,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(inWorkspace(file)));
  return [...new Set(files)].sort();
}

/** The TypeScript sources of the packages, tests included. */
export const packageSources = (): readonly string[] => filesOfWorkspace('packages/*/src/*.ts');
