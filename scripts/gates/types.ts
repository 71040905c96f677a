import { runTool } from '../run-tool.ts';
import { workspaceRoot, workspaceTool } from '../workspace.ts';

/** The strict type check of all projects, incremental. */
export async function checkTypes(root: string = workspaceRoot): Promise<void> {
  await runTool({ program: workspaceTool('tsc'), args: ['--build'], folder: root });
}
