import colours from 'picocolors';
import { type ColourLevel, colourLevelOf } from './colour-level.js';

/** Emphasis, or none where colour is not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
  /** A colour of the pipeline, `#rrggbb`; the nearest that the terminal has. */
  hex(colour: string, text: string): string;
}

/** @param flag what `--color` or `--no-color` says */
export function styleFor(isTerminal: boolean, environment: NodeJS.ProcessEnv, flag?: boolean): Style {
  const level = colourLevelOf({ isTerminal, environment, flag });
  return { ...colours.createColors(level > 0), hex: (colour, text) => paint(colour, text, level) };
}

function paint(colour: string, text: string, level: ColourLevel): string {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (parts === null || level === 0) return text;
  const [red = 0, green = 0, blue = 0] = parts.slice(1).map((part) => Number.parseInt(part, 16));
  return `\u001B[${codeOf({ red, green, blue }, level)}m${text}\u001B[39m`;
}

interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

function codeOf({ red, green, blue }: Colour, level: ColourLevel): string {
  if (level === 3) return `38;2;${red};${green};${blue}`;
  if (level === 2) {
    // The cube of 6 x 6 x 6 colours that begins at 16; its steps are 0, 95, 135, 175, 215, 255.
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) =>
      part < 48 ? 0 : Math.max(1, Math.round((part - 55) / 40)),
    );
    return `38;5;${16 + 36 * r + 6 * g + b}`;
  }
  // Eight colours, one bit each of red, green and blue, and the bright ones.
  const brightest = Math.max(red, green, blue);
  const has = (part: number): number => (brightest > 0 && part > brightest / 2 ? 1 : 0);
  return String((brightest > 191 ? 90 : 30) + has(red) + 2 * has(green) + 4 * has(blue));
}
