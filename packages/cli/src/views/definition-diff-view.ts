import type { ChangedThing, DefinitionChange } from '@lms/core';
import { printable, type Style } from '../output/index.js';

/**
 * Differences for people: one block a field, rule or stage, with what is new marked +, what is gone -, and what is other ~.
 */
export function definitionDiffView(changes: readonly DefinitionChange[], style: Style): string {
  return [...blocksOf(changes)].flatMap((block) => blockLines(block, style)).join('\n');
}

/** Changes of one thing, in the order in which they came. */
interface Block {
  readonly thing: ChangedThing | null;
  readonly changes: readonly DefinitionChange[];
}

function blocksOf(changes: readonly DefinitionChange[]): Iterable<Block> {
  const blocks = new Map<string, { readonly thing: ChangedThing | null; readonly changes: DefinitionChange[] }>();
  for (const change of changes) {
    const thing = change.things[0] ?? null;
    const key = thing === null ? change.path : `${thing.noun} ${thing.id}`;
    const block = blocks.get(key) ?? { thing, changes: [] };
    block.changes.push(change);
    blocks.set(key, block);
  }
  return blocks.values();
}

function blockLines({ thing, changes }: Block, style: Style): readonly string[] {
  const [only] = changes;
  if (thing === null || (only !== undefined && only.things.length === 1 && only.aspect === null)) {
    return changes.map((change) => marked(change, sentence(change), style));
  }
  return [
    style.yellow(`~ ${printable(thingText(thing))}`),
    ...changes.map((change) => `    ${marked(change, sentence({ ...change, things: change.things.slice(1) }), style)}`),
  ];
}

/** `field Loan amount (loanAmount): new, money`. */
function sentence({ things, text }: Pick<DefinitionChange, 'things' | 'text'>): string {
  return printable([...things.map(thingText), text].join(': '));
}

function thingText({ noun, id, name }: ChangedThing): string {
  return name === id ? `${noun} ${id}` : `${noun} ${name} (${id})`;
}

function marked({ kind }: DefinitionChange, text: string, style: Style): string {
  if (kind === 'added') return style.green(`+ ${text}`);
  if (kind === 'removed') return style.red(`- ${text}`);
  return style.yellow(`~ ${text}`);
}
