import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packageSources } from '../files-of-workspace.ts';
import { ToolFailure } from '../run-tool.ts';
import { workspaceRoot } from '../workspace.ts';

/** What core may not read from its surroundings: time, chance and settings come in through ports and values. */
const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set(['Date.now', 'Math.random', 'process.env']);
const FORBIDDEN_GLOBALS: ReadonlySet<string> = new Set(['console']);

/** The one file that may: it is the clock. */
const EXEMPT = 'packages/core/src/foundation/kernel/system-clock.ts';

const isWatched = (file: string): boolean =>
  file.startsWith('packages/core/src/') && file !== EXEMPT && !file.endsWith('.test.ts');

/** Fails where core reads the clock, chance, the environment or writes to the console by itself. */
export async function checkAmbientState(
  root: string = workspaceRoot,
  sources: readonly string[] = packageSources(),
): Promise<void> {
  const complaints = sources.filter(isWatched).flatMap((file) => usesIn(file, readFileSync(join(root, file), 'utf8')));
  if (complaints.length > 0) throw new ToolFailure(complaints.join('\n'));
}

function usesIn(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const use = ambientUse(node);
    if (use !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${file}:${line + 1} uses ${use}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function ambientUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const member = `${node.expression.text}.${node.name.text}`;
    return FORBIDDEN_MEMBERS.has(member) || FORBIDDEN_GLOBALS.has(node.expression.text) ? member : undefined;
  }
  const isDate = (expression: ts.Expression): boolean => ts.isIdentifier(expression) && expression.text === 'Date';
  if (ts.isNewExpression(node) && isDate(node.expression) && (node.arguments?.length ?? 0) === 0) return 'new Date()';
  if (ts.isCallExpression(node) && isDate(node.expression)) return 'Date()';
  return undefined;
}
