import { runTool } from '../run-tool.ts';
import { workspaceRoot, workspaceTool } from '../workspace.ts';

/** Files, exports and dependencies that nothing uses, and dependencies that no manifest names. */
export async function checkUnusedCode(root: string = workspaceRoot): Promise<void> {
  await runTool({
    program: workspaceTool('knip'),
    args: ['--no-progress', '--treat-config-hints-as-errors'],
    folder: root,
  });
}
