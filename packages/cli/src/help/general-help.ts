import { exitCodeMeanings } from '../exit-codes.js';
import { environmentVariables, files, type Term } from './surroundings.js';

/** What `lms help` says beyond `lms --help`: exit codes, environment, files. */
export function generalHelp(): string {
  const exitCodes = Object.entries(exitCodeMeanings).map(([name, what]): Term => ({ name, what }));
  return [
    block('Exit codes:', exitCodes),
    block('Environment:', environmentVariables),
    block('Files:', files),
    'Every command explains itself: lms help COMMAND, or lms COMMAND --help.\n',
  ].join('\n');
}

const widest = 78;

function block(heading: string, terms: readonly Term[]): string {
  const indent = Math.max(...terms.map(({ name }) => name.length)) + 4;
  const lines = terms.flatMap(({ name, what }) =>
    lined(what, widest - indent).map((line, index) => `  ${(index === 0 ? name : '').padEnd(indent - 2)}${line}`),
  );
  return `${heading}\n${lines.join('\n')}\n`;
}

/** Broken between words. */
function lined(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)`, 'g')) ?? [text];
}
