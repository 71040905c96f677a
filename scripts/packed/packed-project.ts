import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packPackages } from '../pack-packages.ts';
import { prepareOnce } from '../prepare-once.ts';
import { runTool } from '../run-tool.ts';
import { inWorkspace } from '../workspace.ts';

const projectsFolder = inWorkspace('node_modules', '.cache', 'lms', 'projects');

/**
 * A project as a user has it: an empty folder in which npm installed the packed packages, without any optional peer.
 *
 * `core` has @lms/core alone, `cli` has @lms/cli alone. Made anew when a tarball changed.
 *
 * @returns the folder of the project
 */
export async function packedProject(kind: 'core' | 'cli'): Promise<string> {
  const packed = await packPackages();
  const tarballs = packed.filter(({ name }) => name === kind).map(({ tarball }) => tarball);
  const hash = createHash('sha256');
  for (const tarball of tarballs) hash.update(readFileSync(tarball));
  const name = `${kind}-${hash.digest('hex').slice(0, 12)}`;
  await prepareOnce(join(projectsFolder, name), async (folder) => {
    removeOlder(kind, name);
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'packed-project', private: true, type: 'module' }),
    );
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline'];
    await runTool({ program: 'npm', args: [...args, ...tarballs], folder });
  });
  return join(projectsFolder, name);
}

function removeOlder(kind: string, current: string): void {
  const older = readdirSync(projectsFolder).filter((name) => name.startsWith(`${kind}-`) && !name.startsWith(current));
  for (const name of older) rmSync(join(projectsFolder, name), { recursive: true, force: true });
}
