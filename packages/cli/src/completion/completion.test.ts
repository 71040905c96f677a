import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsOf } from '../help/dress-program.js';
import { buildProgram } from '../program.js';
import { Runner } from '../run.js';
import { completionOf } from './completion.js';

const program = buildProgram(new Runner({ commandLine: [], unread: new AbortController().signal }));
const offered = (...words: readonly string[]): readonly string[] =>
  completionOf(program, words).candidates.map(({ value }) => value);

describe('completion', () => {
  it('leads to every command and to each of its options', () => {
    for (const { command, path } of commandsOf(program)) {
      const words = path.split(' ');
      expect(offered(...words.slice(0, -1), '')).toContain(words.at(-1));
      const flags = command.options.filter(({ hidden }) => !hidden).map(({ long }) => long);
      expect(offered(...words, '--')).toEqual(expect.arrayContaining(flags));
      expect(offered(...words, '--')).toEqual(expect.arrayContaining(['--json', '--store', '--help']));
    }
  });

  it('does not offer what is hidden', () => {
    expect(offered('leads', 'move', '--')).not.toContain('--check');
  });

  it.each([
    [['leads', 'list', '--product', 'x', '--stage', ''], 'stage', new Map([['product', 'x']])],
    [['leads', 'list', '--product=x', '--stage', ''], 'stage', new Map([['product', 'x']])],
    [['--store', 'prod', 'board', '--product', ''], 'line', new Map([['store', 'prod']])],
    [['leads', 'show', ''], null, new Map()],
    [['import', 'a.csv', '--map', ''], null, new Map()],
    [['schema', 'publish', 'a.yaml', ''], 'file', new Map()],
    [['leads', 'note', '--', '--product', ''], null, new Map()],
  ])('after %j asks for %s', (words, kind, options) => {
    expect(completionOf(program, words)).toMatchObject({ kind, options });
  });

  it('keeps the word of the option where the shell has both as one', () => {
    expect(completionOf(program, ['board', '--product=per'])).toMatchObject({ typed: 'per', prefix: '--product=' });
    expect(completionOf(program, ['board', '--product', '=', 'per'])).toMatchObject({ typed: 'per', prefix: '' });
    expect(completionOf(program, ['board', '--product', '='])).toMatchObject({ typed: '', prefix: '' });
  });

  it('answers whatever is typed', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '',
        '-',
        '--',
        '=',
        '--=',
        '--product',
        '--product=',
        '-h',
        'leads',
        'list',
        'help',
        'import',
        '__proto__',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        expect(completionOf(program, words).candidates).toBeInstanceOf(Array);
      }),
      { numRuns: 1000 },
    );
  });
});
