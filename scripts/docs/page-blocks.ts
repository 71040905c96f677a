/** A fenced block of a page whose info string asks for something: ` ```sh run `, ` ```yaml file=line.yaml `, ` ```text prints `. */
export interface PageBlock {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  /** The line of the page on which the block begins. */
  readonly line: number;
}

const fence = /^```(\w+)((?: [\w./=-]+)*)\n([\s\S]*?)^```$/gm;

/** The blocks that have words behind their language, in order. */
export function blocksOf(page: string): readonly PageBlock[] {
  return [...page.matchAll(fence)].flatMap(({ 1: language = '', 2: words = '', 3: text = '', index }) =>
    words === ''
      ? []
      : [{ language, words: words.trim().split(' '), text, line: page.slice(0, index).split('\n').length + 1 }],
  );
}

/** The file that a block is the content of, or null. */
export function fileNameOf(block: PageBlock): string | null {
  return block.words.find((word) => word.startsWith('file='))?.slice('file='.length) ?? null;
}
