import { runTool } from '../run-tool.ts';
import { workspaceRoot, workspaceTool } from '../workspace.ts';

/** Formatting and lint of every file. */
export async function checkFormatting(root: string = workspaceRoot): Promise<void> {
  const args = ['check', '--error-on-warnings', '--max-diagnostics=50', '.'];
  await runTool({ program: workspaceTool('biome'), args, folder: root });
}
