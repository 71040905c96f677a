import { blocksOf, fileNameOf, type PageBlock } from './page-blocks.ts';
import type { PageFolder } from './page-folder.ts';
import { missingLine } from './printed.ts';
import { scriptOf } from './shell-script.ts';

export const needsServers = (page: string): boolean => blocksOf(page).some((block) => block.words.includes('servers'));

/**
 * Does what a page says, from top to bottom: writes its files (`file=NAME`), runs its shell blocks (`sh run`), and its TypeScript
 * (`ts run`), of which all blocks of a page are one program that runs where the last of them stands; `ts run anew` begins another.
 * Lines under `text prints` have to be in what the block before printed.
 *
 * @returns what went wrong, with its line; empty when the page is true
 */
export async function runPage(page: string, folder: PageFolder): Promise<readonly string[]> {
  const blocks = blocksOf(page);
  const programs = programsOf(blocks);
  const wrong: string[] = [];
  const expected: { readonly of: PageBlock; readonly prints: PageBlock }[] = [];
  const printed = new Map<PageBlock, string>();
  let latest: PageBlock | undefined;
  for (const block of blocks) {
    const file = fileNameOf(block);
    if (file !== null) folder.write(file, block.text);
    if (block.words.includes('prints') && latest !== undefined) expected.push({ of: latest, prints: block });
    if (!block.words.includes('run')) continue;
    const program = programs.find((parts) => parts.includes(block));
    latest = program?.at(-1) ?? block;
    if (block !== latest) continue;
    if (program !== undefined) folder.write('page.ts', program.map(({ text }) => text).join('\n'));
    const result = await (block.language === 'ts' ? folder.program('page.ts') : folder.shell(scriptOf(block.text)));
    printed.set(block, result.output);
    if (result.code !== 0) wrong.push(`line ${block.line}: exit ${result.code}\n${result.output}${result.problems}`);
  }
  for (const { of, prints } of expected) {
    const missing = missingLine(prints.text, printed.get(of) ?? '');
    if (missing !== null) wrong.push(`line ${prints.line}: nothing printed is "${missing}" in\n${printed.get(of)}`);
  }
  return wrong;
}

/** The TypeScript that runs, each program in its blocks. */
function programsOf(blocks: readonly PageBlock[]): readonly (readonly PageBlock[])[] {
  const programs: PageBlock[][] = [];
  for (const block of blocks.filter(({ language, words }) => language === 'ts' && words.includes('run'))) {
    const program = programs.at(-1);
    if (program === undefined || block.words.includes('anew')) programs.push([block]);
    else program.push(block);
  }
  return programs;
}
