import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
const CHECKED = ['packages/core', 'packages/cli', 'scripts', 'bench'].map((folder) => `${folder}/.tsbuild`);

/** Copies what git would commit, also files not yet added; disposing removes it. */
export function copyWorkspace(): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), 'lms-planted-'));
  for (const file of filesOfWorkspace()) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(workspaceRoot, file), join(root, file));
  }
  // What the last type check left, so that the copy's check reads again only what was planted.
  for (const folder of CHECKED) {
    if (existsSync(join(workspaceRoot, folder)))
      cpSync(join(workspaceRoot, folder), join(root, folder), { recursive: true });
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
