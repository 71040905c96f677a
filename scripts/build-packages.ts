import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesOfWorkspace } from './files-of-workspace.ts';
import { fingerprintOf, isUpToDate, markUpToDate } from './fingerprint.ts';
import { withLockFile } from './lock-file.ts';
import { runTool } from './run-tool.ts';
import { inWorkspace, workspaceTool } from './workspace.ts';

/** The packages with sources, each after those it needs. */
export const builtPackages = ['core', 'cli'] as const;

/** What else ends up in a package: the command has the core inside. */
const sourcesInside: Readonly<Record<(typeof builtPackages)[number], readonly string[]>> = {
  core: [],
  cli: ['packages/core/src', 'examples/product-lines', 'scripts/licences-of-bundled.ts'],
};

/** Builds each package whose sources or settings changed since it was last built. Of several callers one works. */
export async function buildPackages(): Promise<void> {
  await withLockFile(inWorkspace('node_modules', '.cache', 'lms', 'build.lock'), async () => {
    for (const name of builtPackages) await buildIfChanged(name);
  });
}

async function buildIfChanged(name: (typeof builtPackages)[number]): Promise<void> {
  const folder = inWorkspace('packages', name);
  const inputs = filesOfWorkspace(`packages/${name}`, ...sourcesInside[name], 'tsconfig.base.json', 'pnpm-lock.yaml');
  const fingerprint = fingerprintOf(inputs.filter((file) => !file.endsWith('.test.ts')));
  const built = join(folder, 'dist');
  if (existsSync(built) && isUpToDate(`build-${name}`, fingerprint)) return;
  const unfinished = join(folder, 'dist.unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  await runTool({ program: workspaceTool('tsup'), args: ['--silent', '--out-dir', unfinished], folder });
  if (existsSync(join(folder, 'tsconfig.build.json'))) {
    const args = ['--project', 'tsconfig.build.json', '--outDir', join(unfinished, 'types')];
    await runTool({ program: workspaceTool('tsc'), args, folder });
  }
  // Whoever runs the built files meets the old ones or the new ones, not some of each.
  rmSync(built, { recursive: true, force: true });
  renameSync(unfinished, built);
  markUpToDate(`build-${name}`, fingerprint);
}
