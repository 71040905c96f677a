import type { GlobalOptions } from '../global-options.js';
import { printable } from '../output/printable.js';
import { buildProgram } from '../program.js';
import { Runner } from '../run.js';
import { type Candidate, type Completion, completionOf } from './completion.js';

/**
 * What the scripts of `lms completion` ask for on each press of the key: a line for each candidate, with its description after a
 * tab; `:files` where the shell is to complete file names.
 */
export async function completeWords(words: readonly string[]): Promise<string> {
  const unused = new Runner({ commandLine: words, unread: new AbortController().signal });
  const completion = completionOf(buildProgram(unused), words);
  const { candidates, kind, typed, prefix } = completion;
  const stored = kind === null || kind === 'file' ? [] : await fromStore(kind, completion);
  const lines = [...candidates, ...stored]
    .filter(({ value }) => value.startsWith(typed))
    .map(({ value, description = '' }) => `${prefix}${printable(value)}\t${printable(description)}`);
  return [...lines, ...(kind === 'file' ? [':files'] : [])].map((line) => `${line}\n`).join('');
}

async function fromStore(
  kind: 'line' | 'stage' | 'user' | 'store',
  { options }: Completion,
): Promise<readonly Candidate[]> {
  const { storedValues } = await import('./stored-values.js');
  return storedValues({
    kind,
    product: options.get('product'),
    options: globalOptionsOf(options),
    environment: process.env,
  });
}

function globalOptionsOf(options: Completion['options']): GlobalOptions {
  const [store, actor, config] = ['store', 'actor', 'config'].map((name) => options.get(name));
  return {
    input: false,
    ...(store === undefined ? {} : { store }),
    ...(actor === undefined ? {} : { actor }),
    ...(config === undefined ? {} : { config }),
  };
}
