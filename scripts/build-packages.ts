import { existsSync } from 'node:fs';
import { filesOfWorkspace } from './files-of-workspace.ts';
import { fingerprintOf, isUpToDate, markUpToDate } from './fingerprint.ts';
import { runTool } from './run-tool.ts';
import { inWorkspace, workspaceTool } from './workspace.ts';

/** The packages with sources, each after those it needs. */
export const builtPackages = ['core', 'cli'] as const;

/** Builds each package whose sources or settings changed since it was last built. */
export async function buildPackages(): Promise<void> {
  for (const name of builtPackages) {
    const inputs = filesOfWorkspace(`packages/${name}`, 'tsconfig.base.json', 'pnpm-lock.yaml');
    const fingerprint = fingerprintOf(inputs.filter((file) => !file.endsWith('.test.ts')));
    const isBuilt = existsSync(inWorkspace('packages', name, 'dist'));
    if (isBuilt && isUpToDate(`build-${name}`, fingerprint)) continue;
    await runTool({ program: workspaceTool('tsup'), args: ['--silent'], folder: inWorkspace('packages', name) });
    markUpToDate(`build-${name}`, fingerprint);
  }
}
