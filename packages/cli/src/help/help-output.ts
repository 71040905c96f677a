import type { HelpConfiguration, OutputConfiguration } from 'commander';
import colours from 'picocolors';
import { colourFlagOf, colourLevelOf } from '../output/colour-level.js';

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 100;

const { bold } = colours.createColors(true);

/** The look of the help; commander takes the emphasis away again where there are no colours. */
export const helpLook: HelpConfiguration = { showGlobalOptions: true, styleTitle: bold };

export function helpTitle(title: string): string {
  return bold(title);
}

/** Where help goes, with the same rules for colours and width as all other output. */
export function helpOutput(commandLine: readonly string[]): OutputConfiguration {
  const flag = colourFlagOf(commandLine);
  const hasColours = ({ isTTY }: { readonly isTTY?: boolean }): boolean =>
    colourLevelOf({ isTerminal: isTTY === true, environment: process.env, flag }) > 0;
  const width = ({ columns }: { readonly columns?: number }): number => {
    const named = Number.parseInt(process.env['COLUMNS'] ?? '', 10);
    return Math.min(widest, named >= 40 ? named : Math.max(40, columns ?? 80));
  };
  return {
    outputError: () => undefined,
    getOutHasColors: () => hasColours(process.stdout),
    getErrHasColors: () => hasColours(process.stderr),
    getOutHelpWidth: () => width(process.stdout),
    getErrHelpWidth: () => width(process.stderr),
  };
}
