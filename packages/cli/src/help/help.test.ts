import { describe, expect, it } from 'vitest';
import type { Console } from '../console.js';
import { buildProgram } from '../program.js';
import { Runner } from '../run.js';
import type { Session } from '../session.js';
import { commandsOf, examplesOf } from './dress-program.js';
import { examples } from './examples.js';

/** Commands are parsed, and nothing of them is run. */
class ParsingRunner extends Runner {
  readonly reached: string[] = [];

  constructor() {
    super({ commandLine: [], unread: new AbortController().signal });
  }

  override async onConsole(command: { name(): string }, _handler: (place: Console) => unknown): Promise<void> {
    this.reached.push(command.name());
  }

  override async inStore(command: { name(): string }, _handler: (place: Session) => unknown): Promise<void> {
    this.reached.push(command.name());
  }
}

const program = () => buildProgram(new ParsingRunner());
const all = [...commandsOf(program())];
const leaves = all.filter(({ command }) => command.commands.length === 0);

/** The words of the `lms` in a line, as a shell reads them: what is piped in and where it goes to is not its own. */
function wordsOf(line: string): readonly string[] {
  const own = /(?:^|\| |\(|" )(lms .*)/.exec(line)?.[1]?.replace(/ [|>] .*$|\)$/, '') ?? '';
  const parts = own.match(/"[^"]*"|'[^']*'|[^\s"']+(?:"[^"]*"|'[^']*')?/g) ?? [];
  return parts.map((part) => part.replace(/["']/g, '')).slice(1);
}

describe('the help of every command', () => {
  it.each(leaves.map(({ path }) => path))('%s has an example', (path) => {
    expect(examplesOf(path)).not.toEqual([]);
  });

  it.each(all.flatMap(({ path }) => examplesOf(path).map(({ line }) => [path, line] as const)))(
    '%s: %s is a command line that is understood',
    async (path, line) => {
      const words = wordsOf(line);
      expect(words.join(' ').startsWith(path)).toBe(true);
      // These two print, and run nothing that is passed on.
      if (/^(help|completion)\b/.test(path)) return;
      const runner = new ParsingRunner();
      await buildProgram(runner).parseAsync(words, { from: 'user' });
      expect(runner.reached).toEqual([path.split(' ').at(-1)]);
    },
  );

  it('has examples that fit a terminal of 80 columns, since a broken line cannot be copied', () => {
    const lines = Object.values(examples).flatMap((each) => each.flatMap(({ line, what }) => [line, what]));
    expect(lines.filter((line) => line.length > 78)).toEqual([]);
  });

  it('has no example of a command that is gone', () => {
    const paths = new Set(all.map(({ path }) => path));
    expect(Object.keys(examples).filter((path) => !paths.has(path))).toEqual([]);
  });

  it.each(all.map(({ path, command }) => [path, command] as const))(
    '%s describes itself and all it takes',
    (_, command) => {
      expect(command.description()).not.toBe('');
      for (const { description } of command.options) expect(description).not.toBe('');
      for (const { description } of command.registeredArguments) expect(description).not.toBe('');
    },
  );
});

describe('an option', () => {
  const globals = new Map(program().options.map(({ long, flags }) => [long, flags]));
  const own = all.flatMap(({ path, command }) => command.options.map((option) => ({ path, option })));

  it('of a command never hides a global one', () => {
    expect(
      own.filter(({ option }) => globals.has(option.long ?? '')).map(({ path, option }) => `${path} ${option.long}`),
    ).toEqual([]);
  });

  it('takes a value everywhere or nowhere', () => {
    const forms = new Map<string, Set<boolean>>();
    for (const { option } of own) {
      const flag = option.long ?? '';
      forms.set(flag, (forms.get(flag) ?? new Set()).add(option.required || option.optional));
    }
    expect([...forms].filter(([, each]) => each.size > 1).map(([flag]) => flag)).toEqual([]);
  });
});

describe('a list', () => {
  const lists = leaves.filter(({ path }) => path.endsWith(' list'));

  it.each(lists.map(({ path, command }) => [path, command] as const))(
    '%s ends somewhere: it has --limit',
    (_, command) => {
      expect(command.options.map(({ long }) => long)).toContain('--limit');
    },
  );
});
