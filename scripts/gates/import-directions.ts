import { packageSources } from '../files-of-workspace.ts';
import { callTool, ToolFailure } from '../run-tool.ts';
import { workspaceRoot, workspaceTool } from '../workspace.ts';
import { capabilities, foldersAboveTheFloors } from './core-layout.ts';

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const CORE = 'packages/core/src/';

/**
 * Who imports whom, and cycles, by the rules in .dependency-cruiser.mjs.
 *
 * Also fails where the tool saw fewer modules than the workspace has (it skips what it cannot read without a word), and where a
 * file of core lies in a folder that the rules do not know.
 */
export async function checkImportDirections(
  root: string = workspaceRoot,
  sources: readonly string[] = packageSources(),
): Promise<void> {
  const folders = [...new Set(sources.map((source) => source.split('/').slice(0, 3).join('/')))];
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders];
  const { output, problems } = await callTool({ program: workspaceTool('depcruise'), args, folder: root });
  if (!output.startsWith('{')) throw new ToolFailure(`depcruise gave no result: ${output}${problems}`);
  const result: CruiseResult = JSON.parse(output);
  const complaints = [
    ...result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`),
    ...unseen(result, sources).map((source) => `not-seen: ${source} was not read by the tool`),
    ...sources.filter(isOutOfPlace).map((source) => `unknown-place: ${source} is in no folder of core-layout.ts`),
  ];
  if (complaints.length > 0) throw new ToolFailure(complaints.join('\n'));
}

function unseen(result: CruiseResult, sources: readonly string[]): readonly string[] {
  const seen = new Set(result.modules.map(({ source }) => source));
  return sources.filter((source) => !seen.has(source));
}

function isOutOfPlace(source: string): boolean {
  if (!source.startsWith(CORE)) return false;
  const place = source.slice(CORE.length);
  if (!place.includes('/')) return false;
  return ![...capabilities, ...foldersAboveTheFloors].some((known) => place.startsWith(`${known}/`));
}
