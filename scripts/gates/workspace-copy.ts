import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { filesOfWorkspace } from '../files-of-workspace.ts';
import { workspaceRoot } from '../workspace.ts';

/** A copy of the workspace's own files in a temporary folder, with what is installed linked in. */
export interface WorkspaceCopy extends Disposable {
  readonly root: string;
  /** Writes a file, by its path from the root. */
  plant(path: string, text: string): void;
}

const INSTALLED = ['node_modules', 'packages/core/node_modules', 'packages/cli/node_modules'];

/** Copies what git would commit, also files not yet added, or of that the files asked for; disposing removes it. */
export function copyWorkspace(isWanted: (file: string) => boolean = () => true): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), 'lms-planted-'));
  for (const file of filesOfWorkspace().filter(isWanted)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(workspaceRoot, file), join(root, file));
  }
  for (const folder of INSTALLED) symlinkSync(join(workspaceRoot, folder), join(root, folder), 'dir');
  return {
    root,
    plant: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
