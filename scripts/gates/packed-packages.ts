import { type PackedPackage, packPackages } from '../pack-packages.ts';
import { runTool } from '../run-tool.ts';
import { workspaceTool } from '../workspace.ts';

/** What a registry would get: manifests (publint), and whether each entry point's types can be found (attw). */
export async function checkPackedPackages(packages?: readonly PackedPackage[]): Promise<void> {
  for (const { name, tarball } of packages ?? (await packPackages())) {
    await runTool({ program: workspaceTool('publint'), args: ['run', tarball, '--strict'] });
    // The command has no entry point to import, so there are no types to look for.
    if (name === 'cli') continue;
    await runTool({
      program: workspaceTool('attw'),
      args: [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'],
    });
  }
}
