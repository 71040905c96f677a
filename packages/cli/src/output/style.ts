import colours from 'picocolors';

/** Emphasis, or none where colour is not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
  /** A colour of the pipeline, `#rrggbb`. */
  hex(colour: string, text: string): string;
}

/** Colour needs a terminal; NO_COLOR (any value) and TERM=dumb switch it off, FORCE_COLOR on. */
export function styleFor(isTerminal: boolean, environment: NodeJS.ProcessEnv): Style {
  const unwanted = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const forced = (environment['FORCE_COLOR'] ?? '') !== '' && environment['FORCE_COLOR'] !== '0';
  const enabled = !unwanted && (isTerminal || forced);
  return { ...colours.createColors(enabled), hex: (colour, text) => (enabled ? paint(colour, text) : text) };
}

function paint(colour: string, text: string): string {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (parts === null) return text;
  const [red, green, blue] = parts.slice(1).map((part) => Number.parseInt(part, 16));
  return `\u001B[38;2;${red};${green};${blue}m${text}\u001B[39m`;
}
