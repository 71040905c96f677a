/** 0 none, 1 the 16 colours of every terminal, 2 256 colours, 3 all of them. */
export type ColourLevel = 0 | 1 | 2 | 3;

export interface ColourWishes {
  readonly isTerminal: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** What `--color` or `--no-color` says. */
  readonly flag?: boolean | undefined;
}

/**
 * The flag decides; then NO_COLOR (any value: none), then FORCE_COLOR (0 to 3, also where there is no terminal), then whether there
 * is a terminal that can (TERM=dumb cannot).
 */
export function colourLevelOf({ isTerminal, environment, flag }: ColourWishes): ColourLevel {
  if (flag === false) return 0;
  const forced = forcedBy(environment['FORCE_COLOR']);
  if (flag === true) return forced || terminalLevel(environment) || 1;
  if ((environment['NO_COLOR'] ?? '') !== '') return 0;
  return forced ?? (isTerminal ? terminalLevel(environment) : 0);
}

const forcedLevels: ReadonlyMap<string, ColourLevel> = new Map([
  ['0', 0],
  ['false', 0],
  ['1', 1],
  ['true', 1],
  ['2', 2],
  ['3', 3],
]);

/** null where nothing is forced; words that mean nothing force the 16 colours, as elsewhere. */
function forcedBy(text: string | undefined): ColourLevel | null {
  return text === undefined || text === '' ? null : (forcedLevels.get(text) ?? 1);
}

function terminalLevel({ TERM: name = '', COLORTERM: colours = '' }: NodeJS.ProcessEnv): ColourLevel {
  if (name === 'dumb') return 0;
  if (/^(truecolor|24bit)$/i.test(colours)) return 3;
  return /-256(color)?$/i.test(name) ? 2 : 1;
}

/** What a command line says of colours, for what is printed before or without its options being read. */
export function colourFlagOf(commandLine: readonly string[]): boolean | undefined {
  if (commandLine.includes('--no-color')) return false;
  return commandLine.includes('--color') ? true : undefined;
}
